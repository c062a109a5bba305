using System.Management.Automation;
using ExtShell.Engine.Volumes;
using ExtShell.Format.Errors;
using ExtShell.PowerShell.Binding;

namespace ExtShell.PowerShell.Cmdlets;

/// <summary>
/// Submits a direct write and returns at once; Wait-Direct waits for it. Until then it is in flight: a power cut may lose it.
/// </summary>
[Cmdlet(VerbsLifecycle.Start, "Direct", SupportsShouldProcess = true, DefaultParameterSetName = "Fill")]
[OutputType(typeof(PendingDirect))]
public sealed class StartDirect : PayloadCmdlet
{
    /// <inheritdoc/>
    protected override void ProcessRecord() => Invoke(Path, () =>
    {
        byte[] payload = Payload();
        if (ShouldProcess(Path, $"Write {payload.Length} bytes at {Offset}, asynchronously"))
            InvokeOn(Volume, Path, () => PassThru ? StartAndPass(payload) : Start(payload));
    });

    private Volume StartAndPass(byte[] payload)
    {
        Start(payload);
        return Volume;
    }

    private PendingDirect Start(byte[] payload)
    {
        FileHandle file = Volume.Open(Path, Opening);
        try
        {
            return new PendingDirect(file, file.StartDirect(Offset, payload, Promise, NoWait));
        }
        catch (FileSystemException)
        {
            file.Dispose();
            throw;
        }
    }
}
