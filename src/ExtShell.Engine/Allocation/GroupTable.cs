using ExtShell.Engine.Caching;
using ExtShell.Engine.Journal;
using ExtShell.Format.Checksums;
using ExtShell.Format.Errors;
using ExtShell.Format.Layout;
using ExtShell.Format.OnDisk;

namespace ExtShell.Engine.Allocation;

/// <summary>The group descriptors: a copy of each in memory, and every change written through to its block under a handle.</summary>
/// <remarks>
/// Invariants.
/// (1) The copy in memory and the stored descriptor are equal between two calls; bytes of the stored one that we don't know stay as they
/// are.
/// (2) What a descriptor says was checked when it was read: bitmaps and table are on the volume, counts are within the group.
/// (3) Flags of groups that were never initialised count only on volumes whose descriptors have checksums, as in the kernel.
/// </remarks>
public sealed class GroupTable
{
    private readonly VolumeGeometry _geometry;
    private readonly BufferCache _buffers;
    private readonly GroupDescriptor[] _groups;

    /// <summary>Reads and verifies all descriptors, each by its own range.</summary>
    /// <exception cref="CorruptionException">A checksum does not match, or a descriptor says what cannot be.</exception>
    public GroupTable(VolumeGeometry geometry, BufferCache buffers)
    {
        _geometry = geometry;
        _buffers = buffers;
        _groups = new GroupDescriptor[geometry.GroupCount];
        for (int group = 0; group < _groups.Length; group++)
        {
            _groups[group] = Read(group);
            Check(group, _groups[group]);
        }
    }

    /// <summary>How many groups there are.</summary>
    public int Count => _groups.Length;

    /// <summary>A group's descriptor as it is now.</summary>
    public ref readonly GroupDescriptor this[int group] => ref _groups[group];

    /// <summary>Whether descriptors have a checksum of either kind, so that their flags count. (3)</summary>
    public bool HasChecksums => _geometry.HasMetadataChecksum || _geometry.HasGroupDescriptorChecksum;

    /// <summary>The block of the group's block bitmap.</summary>
    public long BlockBitmapBlock(int group) => _groups[group].BlockBitmap(_geometry.Is64Bit);

    /// <summary>The block of the group's inode bitmap.</summary>
    public long InodeBitmapBlock(int group) => _groups[group].InodeBitmap(_geometry.Is64Bit);

    /// <summary>The first block of the group's inode table.</summary>
    public long InodeTableBlock(int group) => _groups[group].InodeTable(_geometry.Is64Bit);

    /// <summary>Free blocks (clusters) of the group.</summary>
    public int FreeBlocksCount(int group) => _groups[group].FreeBlocksCount(_geometry.Is64Bit);

    /// <summary>Free inodes of the group.</summary>
    public int FreeInodesCount(int group) => _groups[group].FreeInodesCount(_geometry.Is64Bit);

    /// <summary>Directories of the group.</summary>
    public int UsedDirectoriesCount(int group) => _groups[group].UsedDirectoriesCount(_geometry.Is64Bit);

    /// <summary>Inodes at the end of the group's table that were never used; 0 on volumes that do not count them. (3)</summary>
    public int UnusedInodesCount(int group) => HasChecksums ? _groups[group].UnusedInodesCount(_geometry.Is64Bit) : 0;

    /// <summary>Whether the group's block bitmap was never written and follows from the layout. (3)</summary>
    public bool IsBlockBitmapUninitialized(int group) => Has(group, GroupFlags.BlockUninitialized);

    /// <summary>Whether the group's inode bitmap and table were never written. (3)</summary>
    public bool IsInodeBitmapUninitialized(int group) => Has(group, GroupFlags.InodeUninitialized);

    /// <summary>Where the group's descriptor begins in the image, bytes.</summary>
    public long OffsetBytes(int group) => _geometry.DescriptorOffsetBytes(group);

    /// <summary>Stores a changed descriptor with its checksum under <paramref name="handle"/>: one block.</summary>
    public void Store(Handle handle, int group, in GroupDescriptor changed)
    {
        Check(group, changed);
        Buffer buffer = _buffers.Get(_geometry.DescriptorBlock(group));
        Span<byte> block = handle.GetWriteAccess(buffer);
        changed.Store(block.Slice(OffsetInBlockBytes(group), _geometry.DescriptorSizeBytes)); // (1)
        if (HasChecksums)
            Ext4Checksums.GroupDescriptor(_geometry, group, OffsetBytes(group)).Store(block, buffer.OffsetBytes);
        handle.Dirty(buffer);
        _groups[group] = GroupDescriptor.Load(block.Slice(OffsetInBlockBytes(group), _geometry.DescriptorSizeBytes));
    }

    private bool Has(int group, GroupFlags flag) => HasChecksums && (_groups[group].GroupFlags & flag) != 0;

    private int OffsetInBlockBytes(int group) => group % _geometry.DescriptorsPerBlock * _geometry.DescriptorSizeBytes;

    private GroupDescriptor Read(int group)
    {
        Buffer buffer = _buffers.Get(_geometry.DescriptorBlock(group));
        int offset = OffsetInBlockBytes(group);
        if (!HasChecksums)
            return GroupDescriptor.Load(buffer.Read(offset, _geometry.DescriptorSizeBytes));
        ChecksumRule rule = Ext4Checksums.GroupDescriptor(_geometry, group, OffsetBytes(group));
        if (!buffer.TryReadVerified(offset, _geometry.DescriptorSizeBytes, rule, out ReadOnlySpan<byte> bytes))
            throw Wrong(group, "bg_checksum", "the sum of the descriptor", "another");
        return GroupDescriptor.Load(bytes);
    }

    // (2)
    private void Check(int group, in GroupDescriptor descriptor)
    {
        bool is64Bit = _geometry.Is64Bit;
        CheckPlace(group, "bg_block_bitmap", descriptor.BlockBitmap(is64Bit), 1);
        CheckPlace(group, "bg_inode_bitmap", descriptor.InodeBitmap(is64Bit), 1);
        CheckPlace(group, "bg_inode_table", descriptor.InodeTable(is64Bit), _geometry.InodeTableBlocksCount);
        CheckCount(group, "bg_free_blocks_count", descriptor.FreeBlocksCount(is64Bit), _geometry.ClustersInGroup(group));
        CheckCount(group, "bg_free_inodes_count", descriptor.FreeInodesCount(is64Bit), _geometry.InodesPerGroup);
        CheckCount(group, "bg_used_dirs_count", descriptor.UsedDirectoriesCount(is64Bit), _geometry.InodesPerGroup);
        if (HasChecksums)
            CheckCount(group, "bg_itable_unused", descriptor.UnusedInodesCount(is64Bit), _geometry.InodesPerGroup);
    }

    private void CheckPlace(int group, string field, long block, int lengthBlocks)
    {
        if (!_geometry.IsBlockRange(block, lengthBlocks))
            throw Wrong(group, field, $"{lengthBlocks} blocks of the volume", $"block {block}");
    }

    private void CheckCount(int group, string field, int count, int most)
    {
        if ((uint)count > (uint)most)
            throw Wrong(group, field, $"at most {most}", $"{count}");
    }

    private CorruptionException Wrong(int group, string field, string expected, string found) =>
        new(OffsetBytes(group), $"descriptor of group {group}", field, expected, found);
}
