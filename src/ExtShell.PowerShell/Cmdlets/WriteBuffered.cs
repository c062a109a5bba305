using System.Management.Automation;
using ExtShell.Engine.Volumes;
using ExtShell.PowerShell.Binding;

namespace ExtShell.PowerShell.Cmdlets;

/// <summary>
/// Writes to the page cache; makes the file where there is none. Nothing is durable before a sync, unless -Sync or -DataSync.
/// </summary>
[Cmdlet(VerbsCommunications.Write, "Buffered", SupportsShouldProcess = true, DefaultParameterSetName = "Fill")]
[OutputType(typeof(Volume))]
public sealed class WriteBuffered : PayloadCmdlet
{
    /// <inheritdoc/>
    protected override void ProcessRecord() => Invoke(Path, () =>
    {
        byte[] payload = Payload();
        ChangeFile($"Write {payload.Length} bytes at {Offset}, buffered", Opening,
            file => file.WriteBuffered(Offset, payload, Promise, NoWait));
    });
}
