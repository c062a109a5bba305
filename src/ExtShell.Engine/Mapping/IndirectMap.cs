using ExtShell.Engine.Allocation;
using ExtShell.Engine.Journal;
using ExtShell.Format.Errors;

namespace ExtShell.Engine.Mapping;

/// <summary>The block map of ext2 and ext3, and of files without the extents flag on ext4: a number for each block of the file.</summary>
/// <remarks>
/// Twelve numbers are in the inode; single, double and triple indirect blocks hold the rest (<see cref="IndirectTree"/>).
/// Invariants.
/// (1) All blocks that a change needs are allocated before the map is touched; from then on it cannot fail.
/// (2) A new indirect block is zero but for its one way down, and in the transaction that makes it reachable.
/// (3) An indirect block in which nothing is left is freed and revoked with the last of it; one that is found empty is freed too.
/// (4) The inode's count of blocks covers the indirect blocks.
/// (5) No call uses more credits than it said, whatever the depth.
/// (6) There is no unwritten state: blocks are written from their allocation on. Who allocates orders the data before the commit, or has it
/// on the device before.
/// (7) Numbers have 32 bits: blocks beyond are not given to such a file.
/// A run ends where its array does: between the data of two arrays lies, as they are allocated, the second array.
/// Windows. Removal goes on from the end, one run at a time, so a cut may leave a range punched in part; truncation has the orphan list.
/// </remarks>
public sealed partial class IndirectMap : IBlockMap
{
    private readonly VolumeContext _volume;
    private readonly IMappedInode _inode;
    private readonly IndirectTree _tree;

    /// <summary>The map in an inode. It reads nothing yet.</summary>
    public IndirectMap(VolumeContext volume, IMappedInode inode)
    {
        _volume = volume;
        _inode = inode;
        _tree = new IndirectTree(volume, inode);
    }

    /// <inheritdoc/>
    public BlockMapping Lookup(uint logicalBlock, int maxBlocks)
    {
        if (logicalBlock >= _tree.Reach)
            return Hole(logicalBlock, uint.MaxValue - (long)logicalBlock, maxBlocks);
        _tree.Walk(logicalBlock);
        int level = _tree.Reached;
        uint block = level == _tree.Depth ? _tree.NumberAt(level, _tree.SlotAt(level)) : 0;
        if (block == 0)
            return Hole(logicalBlock, HoleEnd(level, logicalBlock + (long)maxBlocks) - logicalBlock, maxBlocks);
        int slot = _tree.SlotAt(level);
        int most = Math.Min(maxBlocks, _tree.SlotsAt(level).End - slot);
        int length = 1;
        while (length < most && _tree.NumberAt(level, slot + length) == block + (uint)length)
            length++;
        _tree.Check(level, slot, block, length);
        return new BlockMapping(logicalBlock, block, length, MappingState.Written);
    }

    /// <inheritdoc/>
    public IEnumerable<BlockMapping> Enumerate()
    {
        for (long next = 0; next < _tree.Reach;)
        {
            BlockMapping mapping = Lookup((uint)next, int.MaxValue);
            next = mapping.EndLogicalBlock;
            if (mapping.IsMapped)
                yield return mapping;
        }
    }

    /// <summary>What is there: every block is written from its allocation on. (6)</summary>
    /// <inheritdoc/>
    public BlockMapping ConvertToWritten(Handle handle, uint logicalBlock, int lengthBlocks) => Lookup(logicalBlock, lengthBlocks);

    /// <summary>Nothing: there are no unwritten extents. (6)</summary>
    /// <inheritdoc/>
    public void SplitAt(Handle handle, uint logicalBlock, int lengthBlocks)
    {
    }

    /// <inheritdoc/>
    public int CreditsToMap(int lengthBlocks) => CreditsToMapRun;

    /// <inheritdoc/>
    public int CreditsToConvert(int lengthBlocks) => 1;

    /// <inheritdoc/>
    public int CreditsToRemove() => CreditsToRemoveRun;

    private static BlockMapping Hole(uint logicalBlock, long lengthBlocks, int maxBlocks) =>
        new(logicalBlock, 0, (int)Math.Clamp(lengthBlocks, 1, maxBlocks), MappingState.Hole);

    /// <summary>Where the hole ends, or its array, or what was asked for, whose slot at a level the last walk has found to be 0.</summary>
    private long HoleEnd(int level, long askedEnd)
    {
        int slot = _tree.SlotAt(level) + 1;
        int end = _tree.SlotsAt(level).End;
        while (slot < end && _tree.SlotBegin(level, slot) < askedEnd && _tree.NumberAt(level, slot) == 0)
            slot++;
        return _tree.SlotBegin(level, slot);
    }

    /// <summary>
    /// Sees to it that a change begins with the credits that it may need, and returns how many must be left when it ends. (5)
    /// </summary>
    private static int Begin(Handle handle, int needed)
    {
        int missing = needed - handle.CreditsLeft;
        InvariantException.Require(
            missing <= 0 || handle.TryExtend(missing), "a change of a block map begins with the credits that it needs");
        return handle.CreditsLeft - needed;
    }

    private static void RequireCredits(Handle handle, int creditsAfter) =>
        InvariantException.Require(handle.CreditsLeft >= creditsAfter, "a change of a block map keeps to its credits"); // (5)
}
