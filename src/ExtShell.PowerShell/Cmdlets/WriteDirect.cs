using System.Management.Automation;
using ExtShell.Engine.Volumes;
using ExtShell.PowerShell.Binding;

namespace ExtShell.PowerShell.Cmdlets;

/// <summary>Writes around the page cache and returns when the write is acknowledged; makes the file where there is none.</summary>
[Cmdlet(VerbsCommunications.Write, "Direct", SupportsShouldProcess = true, DefaultParameterSetName = "Fill")]
[OutputType(typeof(Volume))]
public sealed class WriteDirect : PayloadCmdlet
{
    /// <summary>Passes the volume on.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => Invoke(Path, () =>
    {
        byte[] payload = Payload();
        if (ShouldProcess(Path, $"Write {payload.Length} bytes at {Offset}"))
        {
            using FileHandle file = Volume.Open(Path, OpenOptions.Create);
            long written = file.WriteDirect(Offset, payload, Promise);
            WriteVerbose($"{Path}: {written} bytes at {Offset}, {Promise}");
        }

        if (PassThru)
            WriteObject(Volume);
    });
}
