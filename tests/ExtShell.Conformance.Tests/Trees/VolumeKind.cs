using ExtShell.Engine.Tests.Volumes;
using ExtShell.Engine.Volumes;
using ExtShell.Engine.Volumes.Making;

namespace ExtShell.Conformance.Tests.Trees;

/// <summary>What volume a random workload runs on.</summary>
internal sealed record VolumeKind(VolumeType Type, int BlockSizeBytes = 4096, string Features = "", int InodeSizeBytes = 256)
{
    private static readonly VolumeKind[] All =
    [
        new(VolumeType.Ext4),
        new(VolumeType.Ext3),
        new(VolumeType.Ext2),
        new(VolumeType.Ext4, 1024),
        new(VolumeType.Ext3, 1024, InodeSizeBytes: 128),
        new(VolumeType.Ext2, 1024),
        new(VolumeType.Ext4, 2048, "^extent,^64bit"),
        new(VolumeType.Ext3, 2048),
        new(VolumeType.Ext2, 2048, InodeSizeBytes: 128),
        new(VolumeType.Ext4, 4096, "^has_journal"),
    ];

    /// <summary>The kind of a seed: each in turn.</summary>
    public static VolumeKind Of(int seed) => All[seed % All.Length];

    /// <summary>The journal mode of a seed: each in turn where there is a journal.</summary>
    public JournalMode ModeOf(int seed) => Type == VolumeType.Ext2 || Features.Contains("^has_journal", StringComparison.Ordinal)
        ? JournalMode.Ordered
        : (seed / All.Length % 3) switch { 0 => JournalMode.Ordered, 1 => JournalMode.Journal, _ => JournalMode.Writeback };

    /// <summary>Makes such a volume, and mounts it.</summary>
    public TestVolume Make(MountOptions? options = null) =>
        new(features: Features, options: options, blockSizeBytes: BlockSizeBytes, type: Type, inodeSizeBytes: InodeSizeBytes);
}
