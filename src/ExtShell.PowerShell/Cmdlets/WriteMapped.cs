using System.Management.Automation;
using ExtShell.Engine.Volumes;
using System.Text;
using ExtShell.PowerShell.Binding;

namespace ExtShell.PowerShell.Cmdlets;

/// <summary>Stores through a mapping. Nothing makes it durable but Sync-Mapped, Sync-File or Sync-Volume.</summary>
[Cmdlet(VerbsCommunications.Write, "Mapped", SupportsShouldProcess = true, DefaultParameterSetName = "Text")]
[OutputType(typeof(FileMapping))]
public sealed class WriteMapped : ExtCmdlet
{
    /// <summary>The mapping.</summary>
    [Parameter(Mandatory = true, Position = 9, ValueFromPipeline = true)]
    public FileMapping Mapping { get; set; } = null!;

    /// <summary>Where in the file, in bytes.</summary>
    [Parameter(Position = 0)]
    [Size]
    public long Offset { get; set; }

    /// <summary>The text to store, as UTF-8 and without an end of line.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Text")]
    public string Text { get; set; } = "";

    /// <summary>The bytes to store.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Bytes")]
    public byte[] Bytes { get; set; } = [];

    /// <summary>Passes the mapping on.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        byte[] payload = ParameterSetName == "Bytes" ? Bytes : Encoding.UTF8.GetBytes(Text);
        if (!ShouldProcess(Mapping.ToString(), $"Store {payload.Length} bytes at {Offset}"))
            return;
        InvokeOn(Mapping.Volume, Mapping, () =>
        {
            Mapping.Write(Offset, payload);
            return PassThru ? Mapping : null;
        });
    }
}
