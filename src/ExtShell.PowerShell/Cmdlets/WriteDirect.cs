using System.Management.Automation;
using ExtShell.Engine.Volumes;
using ExtShell.PowerShell.Binding;

namespace ExtShell.PowerShell.Cmdlets;

/// <summary>Writes around the page cache and returns when the write is acknowledged; makes the file where there is none.</summary>
[Cmdlet(VerbsCommunications.Write, "Direct", SupportsShouldProcess = true, DefaultParameterSetName = "Fill")]
[OutputType(typeof(Volume))]
public sealed class WriteDirect : PayloadCmdlet
{
    /// <inheritdoc/>
    protected override void ProcessRecord() => Invoke(Path, () =>
    {
        byte[] payload = Payload();
        ChangeFile($"Write {payload.Length} bytes at {Offset}, direct", Opening,
            file => file.WriteDirect(Offset, payload, Promise, NoWait));
    });
}
