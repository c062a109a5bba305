using ExtShell.Engine.Allocation;
using ExtShell.Engine.Journal;

namespace ExtShell.Engine.Mapping;

/// <summary>What a block map needs of the inode whose blocks it maps.</summary>
public interface IMappedInode
{
    /// <summary>The inode's number; tree blocks are summed with it.</summary>
    uint Number { get; }

    /// <summary>The inode's generation (<c>i_generation</c>); tree blocks are summed with it.</summary>
    uint Generation { get; }

    /// <summary>The 60 bytes of <c>i_block</c>, in memory. What is changed here is stored by <see cref="MarkDirty"/>.</summary>
    Span<byte> Root { get; }

    /// <summary>Where new blocks go if no block of the file says better: a block of the volume.</summary>
    long AllocationGoal { get; }

    /// <summary>What the file's blocks hold: metadata for directories (they are revoked when they are freed), else data.</summary>
    BlockUse ContentUse { get; }

    /// <summary>Stores the inode under <paramref name="handle"/>: one block.</summary>
    void MarkDirty(Handle handle);

    /// <summary>Changes the number of blocks that the inode holds, tree blocks included; the caller stores the inode afterwards.</summary>
    void ChangeBlocks(long deltaBlocks);
}
