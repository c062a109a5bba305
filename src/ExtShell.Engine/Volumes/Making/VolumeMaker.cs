using System.Runtime.InteropServices;
using System.Text;
using ExtShell.Engine.Devices;
using ExtShell.Format.Checksums;
using ExtShell.Format.Errors;
using ExtShell.Format.Layout;
using ExtShell.Format.OnDisk;

namespace ExtShell.Engine.Volumes.Making;

/// <summary>
/// Makes ext2, ext3 and ext4 volumes with the features, counts and layout that <c>mke2fs</c> 1.47.0 gives them with Debian 12's
/// configuration. The same options give the same bytes.
/// </summary>
/// <remarks>
/// Order. Counts (<see cref="VolumeDimensions"/>), then every block that is taken (<see cref="GroupTables"/>, <see cref="SystemFiles"/>),
/// then the bytes: inode tables, files, bitmaps and descriptors, superblocks last. What is written grows with the groups' descriptors,
/// not with the volume.
/// One field differs from mke2fs's: <c>s_kbytes_written</c>, which counts there what its cache had written back by then, and is 0 here.
/// </remarks>
public static class VolumeMaker
{
    private const int BootBlockSizeBytes = SuperBlock.OffsetBytes;

    /// <summary>Makes a volume at the beginning of <paramref name="storage"/>; what was there is lost.</summary>
    /// <exception cref="FileSystemException">
    /// EINVAL: options that no volume can have, or that contradict each other; ENOSPC: the metadata does not fit.
    /// </exception>
    public static void Make(IStorage storage, VolumeMakeOptions options)
    {
        long sizeBytes = options.SizeBytes ?? storage.LengthBytes;
        if (sizeBytes <= 0 || sizeBytes > storage.LengthBytes)
            throw new FileSystemException(
                Errno.EINVAL, "make a volume", $"{sizeBytes} bytes are not on the storage of {storage.LengthBytes} bytes");

        long blocksCount = VolumeDimensions.BlocksOf(options, sizeBytes);
        FeatureChoice features = FeatureChoice.For(options, blocksCount);
        VolumeGeometry geometry = VolumeDimensions.Find(options, features, blocksCount, out SuperBlock superBlock);
        int journalBlocks = features.HasJournal ? JournalPlace.LengthBlocks(options, geometry.BlocksCount) : 0;
        if (journalBlocks == 0)
            features = features.WithoutJournal();

        var space = new SpaceClaims(geometry.FirstDataBlock, geometry.BlocksCount);
        GroupTables tables = GroupTables.Place(geometry, space);
        SystemFiles files = SystemFiles.Place(geometry, features, space, journalBlocks);

        var groups = new GroupWriter(storage, geometry, space, tables, files.LastInode);
        groups.ClearInodeTables(usedOnly: options.LazyInodeTables);
        var now = new Timestamp(options.TimeSeconds, 0);
        new SystemFileWriter(storage, geometry, features, tables, files, now).Write(ref superBlock, options.LazyJournal);
        groups.Write(tablesAreZeroed: !options.LazyInodeTables);
        if (options.FillFreeBlocks)
            StaleContent.FillFree(storage, space, geometry.BlockSizeBytes);
        Complete(ref superBlock, options, features, geometry, space, files);
        WriteSuperBlocks(storage, geometry, superBlock);
    }

    private static void Complete(
        ref SuperBlock superBlock, VolumeMakeOptions options, FeatureChoice features, VolumeGeometry geometry, SpaceClaims space,
        SystemFiles files)
    {
        superBlock.Compatible = features.Compatible;
        superBlock.FreeBlocksCount = (ulong)(geometry.BlocksCount - geometry.FirstDataBlock - space.ClaimedCount);
        superBlock.FreeInodesCount = geometry.InodesCount - files.LastInode;
        superBlock.WriteTime = superBlock.MakeTime = superBlock.LastCheck = options.TimeSeconds;
        superBlock.MaxMountCount = ushort.MaxValue;
        superBlock.Errors = (ushort)ErrorsBehaviour.Continue;
        Encoding.UTF8.GetBytes(options.Label, superBlock.VolumeName);
        Uuid hashSeed = options.HashSeed is { } given ? Uuid.FromGuid(given) : SeededIdentity.Derive(options.Seed, 1);
        ((ReadOnlySpan<byte>)hashSeed).CopyTo(MemoryMarshal.AsBytes((Span<Format.Endian.Le32>)superBlock.HashSeed));
        superBlock.DefaultHashVersion = (byte)DirectoryHashVersion.HalfMd4;
        superBlock.Flags = (uint)SuperBlockFlags.SignedHash;
        superBlock.DefaultMountOptions = (uint)(DefaultMountOptions.UserAttributes | DefaultMountOptions.Acl);
        if (geometry.InodeSizeBytes > InodeRecord.ShortSizeBytes)
            superBlock.MinExtraInodeSize = superBlock.WantExtraInodeSize = InodeRecord.FullExtraSize;
        if (geometry.HasMetadataChecksum)
            superBlock.ChecksumType = SuperBlock.ChecksumTypeCrc32C;
        if (files.LongestSizeBytes(geometry) > int.MaxValue)
            superBlock.ReadOnlyCompatible |= ReadOnlyCompatibleFeatures.LargeFile;
        superBlock.OverheadClusters = checked((uint)OverheadBlocks(geometry, files));
        if (files.OrphanFile is not null)
            superBlock.OrphanFileInode = SystemFiles.OrphanFileInode;
    }

    /// <summary>Blocks that can never hold files: base metadata, bitmaps, inode tables and the journal.</summary>
    private static long OverheadBlocks(VolumeGeometry geometry, SystemFiles files)
    {
        long overhead = geometry.FirstDataBlock + (files.Journal?.LengthBlocks ?? 0);
        for (int group = 0; group < geometry.GroupCount; group++)
            overhead += geometry.BaseMetadataBlocksCount(group) + 2 + geometry.InodeTableBlocksCount;
        return overhead;
    }

    private static void WriteSuperBlocks(IStorage storage, VolumeGeometry geometry, SuperBlock superBlock)
    {
        storage.WriteZeroes(0, BootBlockSizeBytes);
        Span<byte> bytes = MemoryMarshal.AsBytes(new Span<SuperBlock>(ref superBlock));
        for (int group = geometry.GroupCount - 1; group >= 0; group--)
        {
            if (!geometry.HasSuperBlock(group))
                continue;
            superBlock.BlockGroupNumber = (ushort)group;
            superBlock.MountState = group == 0 ? MountState.Clean : MountState.None; // a copy is never taken for clean
            if (geometry.HasMetadataChecksum)
                Ext4Checksums.SuperBlock(0).Store(bytes, 0);
            storage.Write(group == 0 ? SuperBlock.OffsetBytes : geometry.BlockOffsetBytes(geometry.SuperBlockBlock(group)), bytes);
        }
    }
}
