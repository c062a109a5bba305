using ExtShell.Engine.Caching;
using ExtShell.Engine.Journal;
using ExtShell.Format.Checksums;
using ExtShell.Format.Errors;
using ExtShell.Format.Layout;
using ExtShell.Format.OnDisk;

namespace ExtShell.Engine.Allocation;

/// <summary>
/// The inode bitmaps of all groups: read when they are first needed, verified once, changed together with their descriptor.
/// </summary>
/// <remarks>
/// Invariants.
/// (1) A bitmap that was read matches its checksum, and has as many bits clear as its descriptor says.
/// (2) A bitmap of a group that was never initialised is not read: all its inodes are free. The first change writes it, and clears the
/// flag.
/// (3) Bits behind the group's last inode are set, to the end of the bitmap's block.
/// (4) After every change bitmap, checksum, free count, directory count and unused count agree: no inode among the unused is in use.
/// </remarks>
internal sealed class InodeBitmaps
{
    private readonly VolumeGeometry _geometry;
    private readonly BufferCache _buffers;
    private readonly GroupTable _groups;
    private readonly int _lengthBytes;

    public InodeBitmaps(VolumeGeometry geometry, BufferCache buffers, GroupTable groups)
    {
        _geometry = geometry;
        _buffers = buffers;
        _groups = groups;
        _lengthBytes = Math.Min(geometry.BlockSizeBytes, (geometry.InodesPerGroup + 63) / 64 * sizeof(ulong));
    }

    /// <summary>The first free inode of the group, from an index on; -1 if there is none.</summary>
    public int FindFree(int group, int fromIndex)
    {
        if (_groups.IsInodeBitmapUninitialized(group))
            return fromIndex < _geometry.InodesPerGroup ? fromIndex : -1; // (2)
        int found = BitmapWords.FindClear(Read(group), default, fromIndex, _geometry.InodesPerGroup);
        return found < _geometry.InodesPerGroup ? found : -1;
    }

    /// <summary>Whether the inode is in use.</summary>
    public bool IsUsed(int group, int index) => !_groups.IsInodeBitmapUninitialized(group) && BitmapWords.IsSet(Read(group), index, 1);

    /// <summary>Marks a free inode as used.</summary>
    public void Take(Handle handle, int group, int index, bool isDirectory)
    {
        InvariantException.Require(!IsUsed(group, index), "an inode is free when it is allocated");
        Span<byte> bitmap = GetWriteAccess(handle, group);
        BitmapWords.Set(bitmap, index, 1);
        Store(handle, group, bitmap, index, -1, isDirectory ? 1 : 0);
    }

    /// <summary>Marks a used inode as free.</summary>
    /// <exception cref="CorruptionException">It is free already, or the group counts no directory.</exception>
    public void Release(Handle handle, int group, int index, bool isDirectory)
    {
        if (!IsUsed(group, index))
            throw Wrong(group, $"bit {index}", "1: the inode is freed", "0: it is free");
        if (isDirectory && _groups.UsedDirectoriesCount(group) == 0)
            throw Wrong(group, "bg_used_dirs_count", "at least 1: a directory is freed", "0");
        Span<byte> bitmap = GetWriteAccess(handle, group);
        BitmapWords.Clear(bitmap, index, 1);
        Store(handle, group, bitmap, -1, 1, isDirectory ? -1 : 0);
    }

    private ReadOnlySpan<byte> Read(int group)
    {
        Buffer buffer = _buffers.Get(_groups.InodeBitmapBlock(group));
        if (buffer.IsVerified)
            return buffer.Read(0, _lengthBytes);
        ChecksumRule rule = Rule(group, buffer);
        if (_geometry.HasMetadataChecksum && !buffer.TryReadVerified(0, _lengthBytes, rule, out _))
            throw Wrong(group, "bg_inode_bitmap_csum", "the sum of the bitmap", "another");
        ReadOnlySpan<byte> bitmap = buffer.Read(0, _lengthBytes);
        int clear = BitmapWords.CountClear(bitmap, 0, _geometry.InodesPerGroup);
        if (clear != _groups.FreeInodesCount(group)) // (1)
            throw Wrong(group, "clear bits", $"{_groups.FreeInodesCount(group)}, as the descriptor says", $"{clear}");
        buffer.IsVerified = true;
        return bitmap;
    }

    private Span<byte> GetWriteAccess(Handle handle, int group)
    {
        long block = _groups.InodeBitmapBlock(group);
        if (!_groups.IsInodeBitmapUninitialized(group))
            return handle.GetWriteAccess(_buffers.Get(block));
        Buffer buffer = _buffers.GetNew(block);
        Span<byte> bitmap = handle.GetCreateAccess(buffer);
        BitmapWords.Set(bitmap, _geometry.InodesPerGroup, (_geometry.BlockSizeBytes * 8) - _geometry.InodesPerGroup); // (3)
        buffer.IsVerified = true;
        return bitmap;
    }

    private void Store(Handle handle, int group, Span<byte> bitmap, int takenIndex, int freeDelta, int directoryDelta)
    {
        bool is64Bit = _geometry.Is64Bit;
        Buffer buffer = _buffers.Get(_groups.InodeBitmapBlock(group));
        GroupDescriptor descriptor = _groups[group];
        if (_geometry.HasMetadataChecksum)
            descriptor.SetInodeBitmapChecksum(is64Bit, Rule(group, buffer).Compute(bitmap, buffer.OffsetBytes));
        descriptor.SetFreeInodesCount(is64Bit, descriptor.FreeInodesCount(is64Bit) + freeDelta);
        descriptor.SetUsedDirectoriesCount(is64Bit, descriptor.UsedDirectoriesCount(is64Bit) + directoryDelta);
        if (_groups.HasChecksums)
        {
            if (takenIndex >= _geometry.InodesPerGroup - descriptor.UnusedInodesCount(is64Bit))
                descriptor.SetUnusedInodesCount(is64Bit, _geometry.InodesPerGroup - takenIndex - 1);
            descriptor.GroupFlags &= ~GroupFlags.InodeUninitialized;
        }

        handle.Dirty(buffer);
        _groups.Store(handle, group, descriptor); // (4)
    }

    private ChecksumRule Rule(int group, Buffer buffer) =>
        Ext4Checksums.InodeBitmap(_geometry, buffer.OffsetBytes, _groups.OffsetBytes(group));

    private CorruptionException Wrong(int group, string field, string expected, string found) =>
        new(_geometry.BlockOffsetBytes(_groups.InodeBitmapBlock(group)), $"inode bitmap of group {group}", field, expected, found);
}
