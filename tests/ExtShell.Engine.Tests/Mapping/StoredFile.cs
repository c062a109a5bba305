using ExtShell.Engine.Allocation;
using ExtShell.Engine.Journal;
using ExtShell.Engine.Mapping;
using ExtShell.Engine.Tests.Allocation;
using ExtShell.Format.Checksums;
using ExtShell.Format.OnDisk;
using Buffer = ExtShell.Engine.Caching.Buffer;

namespace ExtShell.Engine.Tests.Mapping;

/// <summary>
/// A file that another tool made, as a map needs it: its inode is changed in the inode table, with size, count of blocks and checksum.
/// </summary>
internal sealed class StoredFile : IMappedInode
{
    private readonly TestVolume _volume;
    private readonly long _offsetBytes;
    private InodeRecord _record;

    public StoredFile(TestVolume volume, uint number)
    {
        _volume = volume;
        Number = number;
        int group = volume.Geometry.GroupOfInode(number);
        _offsetBytes = volume.Geometry.InodeOffsetBytes(number, volume.Context.Groups.InodeTableBlock(group));
        _record = InodeRecord.Load(volume.Buffers.Read(_offsetBytes, volume.Geometry.InodeSizeBytes));
        Map = new ExtentMap(volume.Context, this);
    }

    public ExtentMap Map { get; }

    public uint Number { get; }

    public uint Generation => _record.Generation;

    public Span<byte> Root => _record.Block;

    public long AllocationGoal => _volume.Context.Blocks.GoalForInode(Number, isDirectory: false);

    public BlockUse ContentUse => BlockUse.Data;

    public void ChangeBlocks(long deltaBlocks) => _record.BlocksCount += deltaBlocks * (_volume.Geometry.BlockSizeBytes / 512);

    public void MarkDirty(Handle handle)
    {
        Buffer buffer = _volume.Buffers.Get(_offsetBytes >> _volume.Geometry.BlockSizeShift);
        Span<byte> block = handle.GetWriteAccess(buffer);
        _record.Store(block.Slice((int)(_offsetBytes - buffer.OffsetBytes), _volume.Geometry.InodeSizeBytes));
        if (_volume.Geometry.HasMetadataChecksum)
            Ext4Checksums.Inode(_volume.Geometry, Number, _offsetBytes, _record.ExtraSize).Store(block, buffer.OffsetBytes);
        handle.Dirty(buffer);
    }

    /// <summary>Stores a size that covers everything that is mapped.</summary>
    public void StoreSize() => _volume.Do(handle =>
    {
        _record.Size = Map.Enumerate().Select(one => one.EndLogicalBlock).LastOrDefault() * _volume.Geometry.BlockSizeBytes;
        MarkDirty(handle);
    });
}
