using ExtShell.Engine.Devices;
using ExtShell.Format.Checksums;
using ExtShell.Format.Layout;
using ExtShell.Format.OnDisk;

namespace ExtShell.Engine.Volumes.Making;

/// <summary>Writes bitmaps, inode tables, and the group descriptors with their copies.</summary>
/// <remarks>
/// With checksums over descriptors, a bitmap that follows from the layout is not written and the group says so:
/// (1) the block bitmap, if the group holds its base metadata only (without flex_bg: and its own tables) and has no inode in use, but never
/// the last group's;
/// (2) the inode bitmap, if the group has no inode in use.
/// </remarks>
internal sealed class GroupWriter(IStorage storage, VolumeGeometry geometry, SpaceClaims space, GroupTables tables, uint lastInode)
{
    private readonly byte[] _bitmap = new byte[geometry.BlockSizeBytes];
    private readonly byte[] _descriptors = new byte[(long)geometry.DescriptorBlocksCount * geometry.BlockSizeBytes];

    private bool HasDescriptorChecksum => geometry.HasMetadataChecksum || geometry.HasGroupDescriptorChecksum;

    /// <summary>Makes the inode tables read as zeroes: all of them, or only the blocks that hold inodes in use.</summary>
    public void ClearInodeTables(bool usedOnly)
    {
        (long First, long End) pending = default;
        for (int group = 0; group < geometry.GroupCount; group++)
        {
            long table = tables.InodeTable(group);
            int length = usedOnly
                ? (UsedInodes(group) + geometry.InodesPerBlock - 1) / geometry.InodesPerBlock
                : geometry.InodeTableBlocksCount;
            if (table != pending.End)
            {
                Clear(pending);
                pending = (table, table);
            }

            pending.End += length;
            if (usedOnly && length == 0)
                break;
        }

        Clear(pending);
    }

    /// <summary>
    /// Writes the bitmaps that are not left out, and the descriptors at the volume's beginning and behind each copy of the superblock.
    /// </summary>
    public void Write(bool tablesAreZeroed)
    {
        for (int group = 0; group < geometry.GroupCount; group++)
            WriteGroup(group, tablesAreZeroed);
        for (int group = 0; group < geometry.GroupCount; group++)
        {
            if (geometry.HasSuperBlock(group))
                storage.Write(geometry.BlockOffsetBytes(geometry.SuperBlockBlock(group) + 1), _descriptors);
        }
    }

    private void WriteGroup(int group, bool tablesAreZeroed)
    {
        Span<byte> stored = _descriptors.AsSpan(group * geometry.DescriptorSizeBytes, geometry.DescriptorSizeBytes);
        long first = geometry.GroupFirstBlock(group);
        int length = geometry.BlocksInGroup(group);
        int claimed = space.ClaimedIn(first, first + length);
        int used = UsedInodes(group);
        GroupFlags flags = FlagsOf(group, claimed, used, tablesAreZeroed);

        GroupDescriptor descriptor = default;
        descriptor.SetBlockBitmap(geometry.Is64Bit, tables.BlockBitmap(group));
        descriptor.SetInodeBitmap(geometry.Is64Bit, tables.InodeBitmap(group));
        descriptor.SetInodeTable(geometry.Is64Bit, tables.InodeTable(group));
        descriptor.SetFreeBlocksCount(geometry.Is64Bit, length - claimed);
        descriptor.SetFreeInodesCount(geometry.Is64Bit, geometry.InodesPerGroup - used);
        descriptor.SetUsedDirectoriesCount(geometry.Is64Bit, DirectoriesIn(group));
        descriptor.GroupFlags = flags;
        if (HasDescriptorChecksum)
            descriptor.SetUnusedInodesCount(geometry.Is64Bit, geometry.InodesPerGroup - used);
        if ((flags & GroupFlags.BlockUninitialized) == 0)
            descriptor.SetBlockBitmapChecksum(geometry.Is64Bit, WriteBlockBitmap(group, first, length));
        if ((flags & GroupFlags.InodeUninitialized) == 0)
            descriptor.SetInodeBitmapChecksum(geometry.Is64Bit, WriteInodeBitmap(group, used));
        descriptor.Store(stored);
        if (HasDescriptorChecksum)
            Ext4Checksums.GroupDescriptor(geometry, group, 0).Store(stored, 0);
    }

    private GroupFlags FlagsOf(int group, int claimed, int usedInodes, bool tablesAreZeroed)
    {
        GroupFlags flags = tablesAreZeroed ? GroupFlags.InodeTableZeroed : GroupFlags.None;
        if (!HasDescriptorChecksum)
            return flags;
        int ownBlocks = geometry.BaseMetadataBlocksCount(group) + (geometry.GroupsPerFlex == 1 ? 2 + geometry.InodeTableBlocksCount : 0);
        if (claimed == ownBlocks && usedInodes == 0 && group != geometry.GroupCount - 1)
            flags |= GroupFlags.BlockUninitialized; // (1)
        if (usedInodes == 0)
            flags |= GroupFlags.InodeUninitialized; // (2)
        return flags;
    }

    private uint WriteBlockBitmap(int group, long first, int length)
    {
        Array.Clear(_bitmap);
        foreach ((long runFirst, long runLength) in space.RunsIn(first, first + length))
            SetBits((int)(runFirst - first), (int)runLength);
        SetBits(length, (8 * _bitmap.Length) - length);
        storage.Write(geometry.BlockOffsetBytes(tables.BlockBitmap(group)), _bitmap);
        return geometry.HasMetadataChecksum ? Crc32C.Update(geometry.ChecksumSeed, _bitmap.AsSpan(0, geometry.ClustersPerGroup / 8)) : 0;
    }

    private uint WriteInodeBitmap(int group, int used)
    {
        Array.Clear(_bitmap);
        SetBits(0, used);
        SetBits(geometry.InodesPerGroup, (8 * _bitmap.Length) - geometry.InodesPerGroup);
        storage.Write(geometry.BlockOffsetBytes(tables.InodeBitmap(group)), _bitmap);
        return geometry.HasMetadataChecksum ? Crc32C.Update(geometry.ChecksumSeed, _bitmap.AsSpan(0, geometry.InodesPerGroup / 8)) : 0;
    }

    private int UsedInodes(int group) =>
        (int)Math.Clamp((long)lastInode - ((long)group * geometry.InodesPerGroup), 0, geometry.InodesPerGroup);

    private int DirectoriesIn(int group) =>
        (geometry.GroupOfInode(InodeNumbers.Root) == group ? 1 : 0)
            + (geometry.GroupOfInode(SystemFiles.LostAndFoundInode) == group ? 1 : 0);

    private void SetBits(int first, int count)
    {
        for (; count > 0 && (first & 7) != 0; first++, count--)
            _bitmap[first / 8] |= (byte)(1 << (first & 7));
        _bitmap.AsSpan(first / 8, count / 8).Fill(0xFF);
        for (first += count & ~7, count &= 7; count > 0; first++, count--)
            _bitmap[first / 8] |= (byte)(1 << (first & 7));
    }

    private void Clear((long First, long End) blocks) =>
        storage.WriteZeroes(geometry.BlockOffsetBytes(blocks.First), geometry.BlockOffsetBytes(blocks.End - blocks.First));
}
