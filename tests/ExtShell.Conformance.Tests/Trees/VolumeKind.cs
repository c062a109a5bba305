using ExtShell.Engine.Tests.Volumes;
using ExtShell.Engine.Volumes;
using ExtShell.Engine.Volumes.Making;

namespace ExtShell.Conformance.Tests.Trees;

/// <summary>What volume a random workload runs on.</summary>
internal sealed record VolumeKind(VolumeType Type, int BlockSizeBytes = 4096, string Features = "", int InodeSizeBytes = 256)
{
    /// <summary>The kinds that workloads go through.</summary>
    public static IReadOnlyList<VolumeKind> All { get; } =
    [
        new(VolumeType.Ext4),
        new(VolumeType.Ext3),
        new(VolumeType.Ext2),
        new(VolumeType.Ext4, 1024),
        new(VolumeType.Ext3, 1024, InodeSizeBytes: 128),
        new(VolumeType.Ext2, 1024),
        new(VolumeType.Ext4, 2048),
        new(VolumeType.Ext4, 2048, "^extent,^64bit"),
        new(VolumeType.Ext3, 2048),
        new(VolumeType.Ext2, 2048, InodeSizeBytes: 128),
        new(VolumeType.Ext4, 4096, "^has_journal"),
        new(VolumeType.Ext4, 4096, "orphan_file"),
        new(VolumeType.Ext4, 4096, "^metadata_csum,uninit_bg"),
    ];

    /// <summary>Whether there is a journal on it.</summary>
    public bool HasJournal => Type != VolumeType.Ext2 && !Features.Contains("^has_journal", StringComparison.Ordinal);

    /// <summary>Makes such a volume, and mounts it.</summary>
    public TestVolume Make(MountOptions? options = null) =>
        new(features: Features, options: options, blockSizeBytes: BlockSizeBytes, type: Type, inodeSizeBytes: InodeSizeBytes);

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Type} of {BlockSizeBytes}, inodes of {InodeSizeBytes}{(Features.Length == 0 ? "" : ", ")}{Features}";
}
