using System.Management.Automation;
using ExtShell.Engine.Volumes;
using ExtShell.Lab.Verbs;
using ExtShell.PowerShell.Binding;

namespace ExtShell.PowerShell.Cmdlets;

/// <summary>Copies a volume, to memory or to an image file, and mounts the copy as the volume is mounted.</summary>
/// <remarks>A volume that can be written is synced first. A copy in memory shares what neither writes.</remarks>
[Cmdlet(VerbsCommon.Copy, "Volume", SupportsShouldProcess = true)]
[OutputType(typeof(Volume))]
public sealed class CopyVolume : VolumeCmdlet
{
    /// <summary>The image file to make, replacing an image that is there; without it the copy is in memory.</summary>
    [Parameter(Position = 0)]
    public string? Path { get; set; }

    /// <summary>Replaces a file that is no ext image too.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => Invoke(Path, () =>
    {
        string? path = Path is null ? null : HostPath(Path);
        if (path is not null)
            ImageTarget.RequireReplaceable(path, Force);
        if (path is null || ShouldProcess(path, "Make an image file with the copy, replacing what is there"))
            InvokeOn(Volume, Path, () => VolumeRegistry.Keep(Volume.Copy(path)));
    });
}
