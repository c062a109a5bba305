using System.Management.Automation;
using ExtShell.Engine.Volumes;
using System.Text;
using ExtShell.PowerShell.Binding;

namespace ExtShell.PowerShell.Cmdlets;

/// <summary>Loads from a mapping: sees what readers and writers of the file see.</summary>
[Cmdlet(VerbsCommunications.Read, "Mapped")]
[OutputType(typeof(byte[]), typeof(string))]
public sealed class ReadMapped : ExtCmdlet
{
    /// <summary>The mapping.</summary>
    [Parameter(Mandatory = true, Position = 9, ValueFromPipeline = true)]
    public FileMapping Mapping { get; set; } = null!;

    /// <summary>Where in the file, in bytes.</summary>
    [Parameter(Position = 0)]
    [Size]
    public long Offset { get; set; }

    /// <summary>How much, in bytes.</summary>
    [Parameter(Position = 1)]
    [Size]
    public long Length { get; set; } = 4096;

    /// <summary>Returns the bytes as UTF-8 text.</summary>
    [Parameter]
    public SwitchParameter AsText { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => InvokeOn(Mapping.Volume, Mapping, () =>
    {
        byte[] bytes = Mapping.Read(Offset, checked((int)Length));
        return AsText ? Encoding.UTF8.GetString(bytes) : bytes;
    });
}
