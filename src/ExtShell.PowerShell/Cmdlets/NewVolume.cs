using System.Management.Automation;
using ExtShell.Engine.Devices;
using ExtShell.Engine.Volumes;
using ExtShell.Engine.Volumes.Making;
using ExtShell.Lab.Verbs;
using ExtShell.PowerShell.Binding;

namespace ExtShell.PowerShell.Cmdlets;

/// <summary>Makes a volume, in memory or in an image file, and mounts it with its write log running.</summary>
[Cmdlet(VerbsCommon.New, "Volume", SupportsShouldProcess = true)]
[OutputType(typeof(Volume))]
public sealed class NewVolume : ExtCmdlet
{
    /// <summary>Its size, such as <c>64MB</c> or <c>'64MiB'</c>.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [Size]
    public long Size { get; set; }

    /// <summary>The image file to make, replacing what was there; without it the volume is in memory.</summary>
    [Parameter(Position = 1)]
    public string? Path { get; set; }

    /// <summary>ext2, ext3 or ext4.</summary>
    [Parameter]
    public VolumeType Type { get; set; } = VolumeType.Ext4;

    /// <summary>Bytes of a block.</summary>
    [Parameter]
    [ValidateSet("1024", "2048", "4096")]
    public int BlockSize { get; set; } = 4096;

    /// <summary>Features to add, or with ^ to leave out, by mke2fs's names.</summary>
    [Parameter]
    public string[] Feature { get; set; } = [];

    /// <summary>What its identity is derived from: the same seed, the same bytes.</summary>
    [Parameter]
    public ulong Seed { get; set; } = 1;

    /// <summary>The label.</summary>
    [Parameter]
    public string Label { get; set; } = "";

    /// <summary>Leaves free blocks of a volume in memory as zeroes, instead of filling them with traceable stale content.</summary>
    [Parameter]
    public SwitchParameter NoFill { get; set; }

    /// <summary>The direct I/O protocol.</summary>
    [Parameter]
    public string Protocol { get; set; } = MountOptions.Default.Protocol;

    /// <summary>The protocol's defects that are turned on, such as <c>ExtendAfterSync</c>.</summary>
    [Parameter]
    public string[] Switch { get; set; } = [];

    /// <summary>The device has no volatile cache.</summary>
    [Parameter]
    public SwitchParameter WriteThrough { get; set; }

    /// <summary>The device can make a write durable by itself.</summary>
    [Parameter]
    public SwitchParameter Fua { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => Invoke(Path, () =>
    {
        string? path = Path is null ? null : HostPath(Path);
        if (path is not null && !ShouldProcess(path, "Make an image file, replacing what is there"))
            return;
        var make = new VolumeMakeOptions
        {
            SizeBytes = Size,
            Type = Type,
            BlockSizeBytes = BlockSize,
            Features = string.Join(',', Feature),
            Seed = Seed,
            Label = Label,
            FillFreeBlocks = path is null && !NoFill,
        };
        MountOptions mount = MountOptions.Default with { Protocol = Protocol, Switches = Switch };
        WriteObject(VolumeRegistry.Keep(Laboratory.NewVolume(path, make, mount, new DeviceTraits(!WriteThrough, Fua))));
    });
}
