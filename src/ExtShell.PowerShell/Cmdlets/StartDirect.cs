using System.Management.Automation;
using ExtShell.Engine.Volumes;
using ExtShell.PowerShell.Binding;

namespace ExtShell.PowerShell.Cmdlets;

/// <summary>Submits a direct write and returns at once; Wait-Direct waits for it. Until then it is in flight: a power cut may lose it.</summary>
[Cmdlet(VerbsLifecycle.Start, "Direct", DefaultParameterSetName = "Fill")]
[OutputType(typeof(PendingDirect))]
public sealed class StartDirect : PayloadCmdlet
{
    /// <inheritdoc/>
    protected override void ProcessRecord() => Invoke(Path, () =>
    {
        FileHandle file = Volume.Open(Path, OpenOptions.Create);
        WriteObject(new PendingDirect(file, file.StartDirect(Offset, Payload(), Promise)));
    });
}
