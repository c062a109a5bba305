using ExtShell.Engine.Allocation;
using ExtShell.Engine.Journal;
using ExtShell.Engine.Mapping;
using ExtShell.Engine.Tests.Allocation;
using Buffer = ExtShell.Engine.Caching.Buffer;

namespace ExtShell.Engine.Tests.Mapping;

/// <summary>An inode as a map needs it; its block is one of the first inode table, so that storing it takes a credit.</summary>
public abstract class TestInode(TestVolume volume, uint number, uint generation) : IMappedInode
{
    public uint Number => number;

    public uint Generation => generation;

    public Span<byte> Root => Stored;

    public long AllocationGoal { get; set; }

    public BlockUse ContentUse { get; init; } = BlockUse.Data;

    public long Blocks { get; private set; }

    public bool IsStored { get; private set; } = true;

    protected TestVolume Volume => volume;

    protected byte[] Stored { get; } = new byte[60];

    public void MarkDirty(Handle handle)
    {
        Buffer buffer = volume.Buffers.Get(volume.Context.Groups.InodeTableBlock(0) + 1);
        Stored.CopyTo(handle.GetWriteAccess(buffer)[40..]);
        handle.Dirty(buffer);
        IsStored = true;
    }

    public void ChangeBlocks(long deltaBlocks)
    {
        Blocks += deltaBlocks;
        IsStored = false;
    }
}
