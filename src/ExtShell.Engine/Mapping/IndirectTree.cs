using System.Numerics;
using System.Runtime.InteropServices;
using ExtShell.Engine.Allocation;
using ExtShell.Engine.Journal;
using ExtShell.Format.Endian;
using ExtShell.Format.Errors;

namespace ExtShell.Engine.Mapping;

/// <summary>
/// The arrays of block numbers of one file and the way from the root to one of them. What they mean is <see cref="IndirectMap"/>'s
/// business.
/// </summary>
/// <remarks>
/// The root is the 60 bytes of i_block: 12 numbers of data blocks, and one number each of a single, a double and a triple indirect block.
/// An indirect block is an array of 32-bit numbers, without header and without checksum; 0 is a hole, of as many blocks as the number would
/// lead to. The depth of a block of the file is how many indirect blocks lead to it, 0 to 3; it follows from its number, so no image can
/// make a walk long.
/// (1) A number is checked when it is used: it leads to a block that a file may have, or the map is damaged.
/// (2) Numbers are read as they are needed: an undecided image decides no more of an indirect block than what is interpreted.
/// A walk keeps its way in <see cref="_levels"/>: level 0 is the root, level <see cref="Depth"/> the array of data blocks. It ends early,
/// at level <see cref="Reached"/>, where an indirect block is missing.
/// </remarks>
internal sealed class IndirectTree
{
    /// <summary>Numbers of data blocks in the root.</summary>
    public const int DirectCount = 12;

    /// <summary>The most indirect blocks that lead to a data block.</summary>
    public const int MaxDepth = 3;

    private const int NumberSizeBytes = 4;

    private readonly VolumeContext _volume;
    private readonly IMappedInode _inode;
    private readonly int _arrayBits;
    private readonly Level[] _levels = new Level[MaxDepth + 1];

    public IndirectTree(VolumeContext volume, IMappedInode inode)
    {
        _volume = volume;
        _inode = inode;
        _arrayBits = BitOperations.Log2((uint)volume.Geometry.BlockSizeBytes / NumberSizeBytes);
        Reach = TreeBegin(MaxDepth) + Span(MaxDepth);
    }

    /// <summary>The block of the file behind the last that the map can hold.</summary>
    public long Reach { get; }

    /// <summary>How many indirect blocks lead to the block of the last walk.</summary>
    public int Depth { get; private set; }

    /// <summary>The level at which the last walk ended.</summary>
    public int Reached { get; private set; }

    /// <summary>Blocks of the file that one number in the array at a level stands for.</summary>
    public long SpanAt(int level) => Span(Depth - level);

    /// <summary>Where in the array at a level the last walk went.</summary>
    public int SlotAt(int level) => _levels[level].Slot;

    /// <summary>The block that holds the array at a level; 0 for the root.</summary>
    public long BlockAt(int level) => level == 0 ? 0 : _levels[level].Block!.Block;

    /// <summary>The first slot of the array at a level that maps blocks of this depth, and the one behind the last.</summary>
    public (int First, int End) SlotsAt(int level) => level > 0 ? (0, 1 << _arrayBits)
        : Depth == 0 ? (0, DirectCount) : (_levels[0].Slot, _levels[0].Slot + 1);

    /// <summary>The block of the file at which a slot of the array at a level begins; the array is on the way of the last walk.</summary>
    public long SlotBegin(int level, int slot) => _levels[level].Begin + (slot * SpanAt(level));

    /// <summary>Walks towards a block of the file below <see cref="Reach"/>, as far as there are arrays.</summary>
    /// <exception cref="CorruptionException">A number on the way leads where it must not.</exception>
    public void Walk(long logicalBlock)
    {
        Depth = DepthOf(logicalBlock);
        long begin = TreeBegin(Depth);
        int rootSlot = Depth == 0 ? (int)logicalBlock : DirectCount + Depth - 1;
        _levels[0] = new Level(null, rootSlot, Depth == 0 ? 0 : begin - (rootSlot * Span(Depth)));
        for (Reached = 0; Reached < Depth; Reached++)
        {
            long block = NumberAt(Reached, _levels[Reached].Slot);
            if (block == 0)
                return;
            Check(Reached, _levels[Reached].Slot, block, 1);
            long span = Span(Depth - Reached - 1);
            int slot = (int)((logicalBlock - begin) / span);
            _levels[Reached + 1] = new Level(_volume.Buffers.Get(block), slot, begin);
            begin += slot * span;
        }
    }

    /// <summary>A number of the array at a level; not checked.</summary>
    public uint NumberAt(int level, int slot) => MemoryMarshal.Read<Le32>(Bytes(level, slot, 1));

    /// <summary>
    /// The last slot from <paramref name="first"/> to <paramref name="last"/> of the array at a level that is not 0; -1 if all are.
    /// </summary>
    public int FindLastUsed(int level, int first, int last)
    {
        if (last < first)
            return -1;
        int at = Bytes(level, first, last - first + 1).LastIndexOfAnyExcept((byte)0);
        return at < 0 ? -1 : first + (at / NumberSizeBytes);
    }

    /// <summary>Whether the array at a level, in a block of its own, is 0 but for some slots.</summary>
    public bool IsEmptyBut(int level, int first, int count)
    {
        ReadOnlySpan<byte> all = Bytes(level, 0, 1 << _arrayBits);
        return !all[..(first * NumberSizeBytes)].ContainsAnyExcept((byte)0)
            && !all[((first + count) * NumberSizeBytes)..].ContainsAnyExcept((byte)0);
    }

    /// <summary>Requires that numbers of the array at a level lead to blocks that a file may have. (1)</summary>
    public void Check(int level, int slot, long firstBlock, int lengthBlocks)
    {
        if (_volume.Blocks.IsAllocatable(firstBlock, lengthBlocks))
            return;
        long offset = level == 0 ? 0 : _levels[level].Block!.OffsetBytes + (slot * NumberSizeBytes);
        throw new CorruptionException(offset, $"block map of inode {_inode.Number}", level == 0 ? $"i_block[{slot}]" : $"number {slot}",
            "0 or a block that files may have", $"blocks {firstBlock} to {firstBlock + lengthBlocks - 1}");
    }

    /// <summary>Stores numbers that follow each other in the array at a level. The root is stored with its inode.</summary>
    public void Store(Handle handle, int level, int slot, long firstBlock, int count)
    {
        if (level == 0)
        {
            Fill(_inode.Root, slot, firstBlock, count);
            return;
        }

        Buffer buffer = _levels[level].Block!;
        Fill(handle.GetWriteAccess(buffer), slot, firstBlock, count);
        handle.Dirty(buffer);
    }

    /// <summary>Stores zeroes in the array at a level.</summary>
    public void Clear(Handle handle, int level, int slot, int count)
    {
        if (level == 0)
        {
            Part(_inode.Root, slot, count).Clear();
            return;
        }

        Buffer buffer = _levels[level].Block!;
        Part(handle.GetWriteAccess(buffer), slot, count).Clear();
        handle.Dirty(buffer);
    }

    /// <summary>Makes an array of zeroes, but for some numbers, in a block that was allocated for it.</summary>
    public void Create(Handle handle, long block, int slot, long firstBlock, int count)
    {
        Buffer buffer = _volume.Buffers.GetNew(block);
        Fill(handle.GetCreateAccess(buffer), slot, firstBlock, count);
        handle.Dirty(buffer);
    }

    /// <summary>The slot of the array at a level on the way to a block of the file of the depth of the last walk.</summary>
    public int SlotOf(int level, long logicalBlock)
    {
        if (level == 0)
            return Depth == 0 ? (int)logicalBlock : DirectCount + Depth - 1;
        return (int)((logicalBlock - TreeBegin(Depth)) / SpanAt(level) % (1 << _arrayBits));
    }

    private static Span<byte> Part(Span<byte> array, int slot, int count) => array.Slice(slot * NumberSizeBytes, count * NumberSizeBytes);

    private static void Fill(Span<byte> array, int slot, long firstBlock, int count)
    {
        Span<Le32> numbers = MemoryMarshal.Cast<byte, Le32>(Part(array, slot, count));
        for (int i = 0; i < count; i++)
            numbers[i] = checked((uint)(firstBlock + i));
    }

    private ReadOnlySpan<byte> Bytes(int level, int slot, int count) => level == 0
        ? Part(_inode.Root, slot, count)
        : _levels[level].Block!.Read(slot * NumberSizeBytes, count * NumberSizeBytes); // (2)

    private long Span(int height) => 1L << (_arrayBits * height);

    /// <summary>The first block of the file that is of a depth.</summary>
    private long TreeBegin(int depth)
    {
        long begin = depth == 0 ? 0 : DirectCount;
        for (int height = 1; height < depth; height++)
            begin += Span(height);
        return begin;
    }

    private int DepthOf(long logicalBlock)
    {
        int depth = 0;
        while (depth < MaxDepth && logicalBlock >= TreeBegin(depth + 1))
            depth++;
        return depth;
    }

    /// <summary>A step of a walk.</summary>
    /// <param name="Block">What holds the array; null for the root.</param>
    /// <param name="Slot">Where the walk went on.</param>
    /// <param name="Begin">The block of the file at which slot 0 begins.</param>
    private readonly record struct Level(Buffer? Block, int Slot, long Begin);
}
