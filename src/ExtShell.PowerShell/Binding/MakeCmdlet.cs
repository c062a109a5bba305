using System.Management.Automation;
using ExtShell.Engine.Volumes.Making;

namespace ExtShell.PowerShell.Binding;

/// <summary>Parameters of the cmdlets that make a file system, and mount it.</summary>
public abstract class MakeCmdlet : MountCmdlet
{
    /// <summary>ext2, ext3 or ext4.</summary>
    [Parameter]
    public VolumeType Type { get; set; } = VolumeType.Ext4;

    /// <summary>Bytes of a block.</summary>
    [Parameter]
    [ValidateSet("1024", "2048", "4096")]
    public int BlockSize { get; set; } = 4096;

    /// <summary>Features to add, or with ^ to leave out, by mke2fs's names.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(FeatureCompleter))]
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

    /// <summary>What the parameters say.</summary>
    /// <param name="sizeBytes">The volume's length; null for that of its storage.</param>
    /// <param name="isInMemory">Whether free blocks may be filled.</param>
    protected VolumeMakeOptions Make(long? sizeBytes, bool isInMemory) => new()
    {
        SizeBytes = sizeBytes,
        Type = Type,
        BlockSizeBytes = BlockSize,
        Features = string.Join(',', Feature),
        Seed = Seed,
        Label = Label,
        FillFreeBlocks = isInMemory && !NoFill,
    };
}
