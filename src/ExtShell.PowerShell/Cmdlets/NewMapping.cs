using System.Management.Automation;
using ExtShell.Engine.Volumes;
using ExtShell.PowerShell.Binding;

namespace ExtShell.PowerShell.Cmdlets;

/// <summary>Maps a range of a file into memory, as mmap with MAP_SHARED: Read-Mapped, Write-Mapped and Sync-Mapped use it.</summary>
[Cmdlet(VerbsCommon.New, "Mapping")]
[OutputType(typeof(FileMapping))]
public sealed class NewMapping : VolumeFileCmdlet
{
    /// <summary>Where in the file, in bytes; a multiple of 4,096.</summary>
    [Parameter(Position = 1)]
    [Size]
    public long Offset { get; set; }

    /// <summary>How much, in bytes.</summary>
    [Parameter(Mandatory = true, Position = 2)]
    [Size]
    public long Length { get; set; }

    /// <summary>Stores through the mapping are refused.</summary>
    [Parameter]
    public SwitchParameter ReadOnly { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => InvokeOn(Volume, Path, () =>
    {
        using FileHandle file = Volume.Open(Path, ReadOnly ? OpenOptions.ReadOnly : OpenOptions.None);
        return file.Map(Offset, Length);
    });
}
