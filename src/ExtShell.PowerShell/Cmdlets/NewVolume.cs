using System.Management.Automation;
using ExtShell.Engine.Devices;
using ExtShell.Engine.Volumes;
using ExtShell.Lab.Verbs;
using ExtShell.PowerShell.Binding;

namespace ExtShell.PowerShell.Cmdlets;

/// <summary>Makes a volume, in memory or in an image file, and mounts it with its write log running.</summary>
/// <remarks>
/// The image is a real ext2, ext3 or ext4 volume: the kernel, e2fsck and debugfs take it as their own. The write log remembers what the
/// device is asked from here on, so that Invoke-Crash and Search-CrashState can say what a power cut leaves. A volume in memory has its
/// free blocks filled with content that says where it stands, so that stale data that is exposed is recognised.
/// </remarks>
[Cmdlet(VerbsCommon.New, "Volume", SupportsShouldProcess = true)]
[OutputType(typeof(Volume))]
public sealed class NewVolume : MakeCmdlet
{
    /// <summary>Its size, such as <c>64MB</c> or <c>'64MiB'</c>.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [Size]
    public long Size { get; set; }

    /// <summary>The image file to make, replacing an image that is there; without it the volume is in memory.</summary>
    [Parameter(Position = 1)]
    public string? Path { get; set; }

    /// <summary>The device has no volatile cache.</summary>
    [Parameter]
    public SwitchParameter WriteThrough { get; set; }

    /// <summary>The device can make a write durable by itself.</summary>
    [Parameter]
    public SwitchParameter Fua { get; set; }

    /// <summary>Replaces a file that is no ext image too.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => Invoke(Path, () =>
    {
        string? path = Path is null ? null : HostPath(Path);
        if (path is not null)
            ImageTarget.RequireReplaceable(path, Force);
        if (path is not null && !ShouldProcess(path, "Make an image file, replacing what is there"))
            return;
        Volume volume = Laboratory.NewVolume(path, Make(Size, isInMemory: path is null), Mount(), new DeviceTraits(!WriteThrough, Fua));
        WriteObject(VolumeRegistry.Keep(volume));
    });
}
