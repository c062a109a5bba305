using System.Text;
using ExtShell.Engine.Devices;
using ExtShell.Format.Layout;
using ExtShell.Format.OnDisk;
using ExtShell.Format.Sources;

namespace ExtShell.Lab.Looking;

/// <summary>A superblock, as it is stored: what dumpe2fs -h shows.</summary>
public sealed record SuperBlockView
{
    /// <summary>The label.</summary>
    public required string Label { get; init; }

    /// <summary>The identity.</summary>
    public required Guid Uuid { get; init; }

    /// <summary>The features that are on, by mke2fs's names.</summary>
    public required IReadOnlyList<string> Features { get; init; }

    /// <summary>Clean, with errors, or orphans being recovered.</summary>
    public required MountState State { get; init; }

    /// <summary>Bytes of a block.</summary>
    public required int BlockSizeBytes { get; init; }

    /// <summary>How many blocks.</summary>
    public required long BlocksCount { get; init; }

    /// <summary>Free blocks, as they were when it was written last: the true sum is in the groups.</summary>
    public required long FreeBlocksCount { get; init; }

    /// <summary>Blocks that are reserved for the superuser.</summary>
    public required long ReservedBlocksCount { get; init; }

    /// <summary>How many inodes.</summary>
    public required uint InodesCount { get; init; }

    /// <summary>Free inodes, as they were when it was written last.</summary>
    public required uint FreeInodesCount { get; init; }

    /// <summary>Bytes of an inode.</summary>
    public required int InodeSizeBytes { get; init; }

    /// <summary>How many groups.</summary>
    public required int GroupsCount { get; init; }

    /// <summary>Blocks of a group.</summary>
    public required int BlocksPerGroup { get; init; }

    /// <summary>Inodes of a group.</summary>
    public required int InodesPerGroup { get; init; }

    /// <summary>The first inode that is not reserved.</summary>
    public required uint FirstInode { get; init; }

    /// <summary>The journal's inode; 0 for none.</summary>
    public required uint JournalInode { get; init; }

    /// <summary>The first orphan of the chain; 0 for none.</summary>
    public required uint LastOrphan { get; init; }

    /// <summary>Mounts since the last check.</summary>
    public required int MountCount { get; init; }

    /// <summary>When it was made, UTC.</summary>
    public required DateTime Made { get; init; }

    /// <summary>When it was mounted last, UTC.</summary>
    public required DateTime Mounted { get; init; }

    /// <summary>When it was written last, UTC.</summary>
    public required DateTime Written { get; init; }

    /// <summary>Whether the journal must be replayed before the volume can be trusted.</summary>
    public bool NeedsRecovery => Features.Contains("needs_recovery");

    /// <inheritdoc/>
    public override string ToString() =>
        FormattableString.Invariant($"superblock of {BlocksCount:N0} blocks of {BlockSizeBytes:N0} bytes: {string.Join(',', Features)}");

    /// <summary>Reads the superblock of an image file, without mounting it.</summary>
    /// <exception cref="Format.Errors.FileSystemException">ENOENT: no such file.</exception>
    /// <exception cref="Format.Errors.CorruptionException">There is none.</exception>
    public static SuperBlockView OfImage(string path)
    {
        using ImageFile image = ImageFile.Open(path, isReadOnly: true);
        return Of(new StorageSource(image));
    }

    internal static SuperBlockView Of(IByteSource source)
    {
        SuperBlock stored = SuperBlockReader.Read(source);
        VolumeGeometry geometry = VolumeGeometry.From(stored, source.LengthBytes);
        return new SuperBlockView
        {
            Label = Encoding.UTF8.GetString(stored.VolumeName).TrimEnd('\0'),
            Uuid = stored.Uuid.ToGuid(),
            Features = FeatureNames.All(stored.Compatible, stored.Incompatible, stored.ReadOnlyCompatible),
            State = stored.MountState,
            BlockSizeBytes = geometry.BlockSizeBytes,
            BlocksCount = geometry.BlocksCount,
            FreeBlocksCount = (long)stored.FreeBlocksCount,
            ReservedBlocksCount = (long)stored.ReservedBlocksCount,
            InodesCount = geometry.InodesCount,
            FreeInodesCount = stored.FreeInodesCount.Value,
            InodeSizeBytes = geometry.InodeSizeBytes,
            GroupsCount = geometry.GroupCount,
            BlocksPerGroup = geometry.BlocksPerGroup,
            InodesPerGroup = geometry.InodesPerGroup,
            FirstInode = geometry.FirstInode,
            JournalInode = stored.JournalInode.Value,
            LastOrphan = stored.LastOrphan.Value,
            MountCount = stored.MountCount.Value,
            Made = FromSeconds(stored.MakeTime),
            Mounted = FromSeconds(stored.MountTime),
            Written = FromSeconds(stored.WriteTime),
        };
    }

    private static DateTime FromSeconds(long seconds) => DateTime.UnixEpoch.AddSeconds(seconds);
}
