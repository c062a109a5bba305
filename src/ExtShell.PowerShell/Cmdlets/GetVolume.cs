using System.Management.Automation;
using ExtShell.Engine.Volumes;
using ExtShell.PowerShell.Binding;

namespace ExtShell.PowerShell.Cmdlets;

/// <summary>The volumes that this session has mounted.</summary>
[Cmdlet(VerbsCommon.Get, "Volume")]
[OutputType(typeof(Volume))]
public sealed class GetVolume : ExtCmdlet
{
    /// <summary>The numbers of the volumes; all without it.</summary>
    [Parameter(Position = 0)]
    [ArgumentCompleter(typeof(VolumeCompleter))]
    public int[]? Number { get; set; }

    /// <summary>Only the volume in this image file.</summary>
    [Parameter]
    [Alias("FullName")]
    public string? Path { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        string? path = Path is null ? null : HostPath(Path);
        foreach ((int number, Volume volume) in VolumeRegistry.All)
        {
            if ((Number is null || Number.Contains(number)) && (path is null || VolumeRegistry.ImagePathOf(volume) == path))
                WriteObject(volume);
        }
    }
}
