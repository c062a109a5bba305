using ExtShell.Engine.Caching;
using ExtShell.Engine.Journal;
using ExtShell.Format.Checksums;
using ExtShell.Format.Errors;
using ExtShell.Format.Layout;
using ExtShell.Format.OnDisk;

namespace ExtShell.Engine.Allocation;

/// <summary>
/// The block bitmaps of all groups: read when they are first needed, verified once, changed together with their descriptor.
/// </summary>
/// <remarks>
/// Invariants.
/// (1) A bitmap that was read matches its checksum, has the bits of the volume's own blocks set, and as many bits clear as its descriptor
/// says.
/// (2) A bitmap of a group that was never initialised is not read: it follows from the layout. The first change writes it, and clears the
/// flag.
/// (3) Bits behind the group's last block are set, to the end of the bitmap's block.
/// (4) After every change bitmap, checksum and free count agree.
/// </remarks>
internal sealed class BlockBitmaps
{
    private readonly VolumeGeometry _geometry;
    private readonly BufferCache _buffers;
    private readonly GroupTable _groups;
    private readonly SystemZone _zone;
    private readonly List<BlockRun> _overlaps = [];
    private readonly byte[] _layout;
    private readonly int _lengthBytes;
    private int _layoutGroup = -1;

    public BlockBitmaps(VolumeGeometry geometry, BufferCache buffers, GroupTable groups, SystemZone zone)
    {
        _geometry = geometry;
        _buffers = buffers;
        _groups = groups;
        _zone = zone;
        _layout = buffers.Machine.TakeBytes(geometry.BlockSizeBytes);
        _lengthBytes = Math.Min(geometry.BlockSizeBytes, (geometry.ClustersPerGroup + 63) / 64 * sizeof(ulong));
    }

    /// <summary>Blocks of which one bit decides.</summary>
    public int BitsIn(int group) => _geometry.ClustersInGroup(group);

    /// <summary>The bitmap as it is now; valid until it, or the bitmap of another group, is used.</summary>
    public ReadOnlySpan<byte> Read(int group)
    {
        if (_groups.IsBlockBitmapUninitialized(group))
            return ReadLayout(group); // (2)
        Buffer buffer = _buffers.Get(_groups.BlockBitmapBlock(group));
        return buffer.IsVerified ? buffer.Read(0, _lengthBytes) : ReadVerified(group, buffer);
    }

    /// <summary>Marks clear bits as taken.</summary>
    public void Take(Handle handle, int group, int first, int length)
    {
        InvariantException.Require(BitmapWords.IsClear(Read(group), first, length), "blocks are free when they are allocated");
        Span<byte> bitmap = GetWriteAccess(handle, group);
        BitmapWords.Set(bitmap, first, length);
        Store(handle, group, bitmap, -length);
    }

    /// <summary>Marks taken bits as clear.</summary>
    /// <exception cref="CorruptionException">One of them is clear already.</exception>
    public void Release(Handle handle, int group, int first, int length)
    {
        ReadOnlySpan<byte> now = Read(group);
        if (!BitmapWords.IsSet(now, first, length))
            throw Wrong(
                group, $"bit {BitmapWords.FindClear(now, default, first, first + length)}", "1: the block is freed", "0: it is free");
        Span<byte> bitmap = GetWriteAccess(handle, group);
        BitmapWords.Clear(bitmap, first, length);
        Store(handle, group, bitmap, length);
    }

    /// <summary>Writes the bitmap of a group that was never initialised; does nothing to others.</summary>
    public void Initialise(Handle handle, int group)
    {
        if (_groups.IsBlockBitmapUninitialized(group))
            Store(handle, group, GetWriteAccess(handle, group), 0);
    }

    private ReadOnlySpan<byte> ReadVerified(int group, Buffer buffer)
    {
        ChecksumRule rule = Rule(group, buffer);
        if (_geometry.HasMetadataChecksum && !buffer.TryReadVerified(0, _lengthBytes, rule, out _))
            throw Wrong(group, "bg_block_bitmap_csum", "the sum of the bitmap", "another");
        ReadOnlySpan<byte> bitmap = buffer.Read(0, _lengthBytes);
        Check(group, bitmap); // (1)
        buffer.IsVerified = true;
        return bitmap;
    }

    private void Check(int group, ReadOnlySpan<byte> bitmap)
    {
        int clear = BitmapWords.CountClear(bitmap, 0, BitsIn(group));
        if (clear != _groups.FreeBlocksCount(group))
            throw Wrong(group, "clear bits", $"{_groups.FreeBlocksCount(group)}, as the descriptor says", $"{clear}");
        long first = _geometry.GroupFirstBlock(group);
        _zone.CopyOverlaps(first, _geometry.BlocksInGroup(group), _overlaps);
        foreach (BlockRun own in _overlaps)
        {
            (int bit, int bits) = BitsOf(first, own);
            if (!BitmapWords.IsSet(bitmap, bit, bits))
                throw Wrong(group, $"bits from {bit} on", $"{bits} set: they are the volume's own blocks", "a clear one");
        }
    }

    private Span<byte> GetWriteAccess(Handle handle, int group)
    {
        long block = _groups.BlockBitmapBlock(group);
        if (!_groups.IsBlockBitmapUninitialized(group))
            return handle.GetWriteAccess(_buffers.Get(block));
        ReadOnlySpan<byte> layout = ReadLayout(group);
        Buffer buffer = _buffers.GetNew(block);
        Span<byte> bitmap = handle.GetCreateAccess(buffer);
        layout.CopyTo(bitmap);
        buffer.IsVerified = true;
        return bitmap;
    }

    private void Store(Handle handle, int group, Span<byte> bitmap, int freeDelta)
    {
        Buffer buffer = _buffers.Get(_groups.BlockBitmapBlock(group));
        GroupDescriptor descriptor = _groups[group];
        if (_geometry.HasMetadataChecksum)
            descriptor.SetBlockBitmapChecksum(_geometry.Is64Bit, Rule(group, buffer).Compute(bitmap, buffer.OffsetBytes));
        descriptor.SetFreeBlocksCount(_geometry.Is64Bit, descriptor.FreeBlocksCount(_geometry.Is64Bit) + freeDelta);
        if (_groups.HasChecksums)
            descriptor.GroupFlags &= ~GroupFlags.BlockUninitialized;
        handle.Dirty(buffer);
        _groups.Store(handle, group, descriptor); // (4)
    }

    private ReadOnlySpan<byte> ReadLayout(int group)
    {
        if (_layoutGroup == group)
            return _layout;
        _layoutGroup = -1;
        Array.Clear(_layout);
        long first = _geometry.GroupFirstBlock(group);
        _zone.CopyOverlaps(first, _geometry.BlocksInGroup(group), _overlaps);
        foreach (BlockRun own in _overlaps)
        {
            (int bit, int bits) = BitsOf(first, own);
            BitmapWords.Set(_layout, bit, bits);
        }

        BitmapWords.Set(_layout, BitsIn(group), (_geometry.BlockSizeBytes * 8) - BitsIn(group)); // (3)
        int clear = BitmapWords.CountClear(_layout, 0, BitsIn(group));
        if (clear != _groups.FreeBlocksCount(group))
            throw Wrong(group, "clear bits by the layout", $"{_groups.FreeBlocksCount(group)}, as the descriptor says", $"{clear}");
        _layoutGroup = group;
        return _layout;
    }

    private (int Bit, int Bits) BitsOf(long groupFirstBlock, BlockRun run)
    {
        int bit = (int)(run.FirstBlock - groupFirstBlock) / _geometry.ClusterRatio;
        int end = ((int)(run.EndBlock - groupFirstBlock) + _geometry.ClusterRatio - 1) / _geometry.ClusterRatio;
        return (bit, end - bit);
    }

    private ChecksumRule Rule(int group, Buffer buffer) =>
        Ext4Checksums.BlockBitmap(_geometry, buffer.OffsetBytes, _groups.OffsetBytes(group));

    private CorruptionException Wrong(int group, string field, string expected, string found) =>
        new(_geometry.BlockOffsetBytes(_groups.BlockBitmapBlock(group)), $"block bitmap of group {group}", field, expected, found);
}
