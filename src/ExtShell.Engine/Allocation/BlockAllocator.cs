using ExtShell.Engine.Caching;
using ExtShell.Engine.Journal;
using ExtShell.Engine.Kernel;
using ExtShell.Format.Errors;
using ExtShell.Format.Layout;

namespace ExtShell.Engine.Allocation;

/// <summary>Allocates and frees blocks.</summary>
/// <remarks>
/// Where. At the goal, if a run of some length is free there; else the first run of the wanted length behind the goal in its group; else in
/// the groups that follow; else the longest run that was seen. A search looks at the bitmaps of few groups: for each group it keeps a bound
/// for the longest run, which is exact once the group was searched in vain, and asks only groups whose bound is large enough.
/// Invariants.
/// (1) Blocks freed in a transaction are not allocated before it has committed (<see cref="FreedBlocks"/>).
/// (2) The bound of a group is never less than its longest run that may be had.
/// (3) The sums in memory equal those of the descriptors; the superblock's are written by <see cref="VolumeContext.StoreSummaries"/> only.
/// (4) No block of the volume's own is ever handed out or freed.
/// Who may have the last blocks: see <see cref="AllocationUse"/>. Blocks are clusters of one block; volumes with larger ones are not
/// written.
/// </remarks>
public sealed class BlockAllocator
{
    /// <summary>Credits that one <see cref="Allocate"/> needs: bitmap and descriptor.</summary>
    public const int CreditsToAllocate = 2;

    /// <summary>Credits that freeing a run inside one group needs: bitmap and descriptor.</summary>
    public const int CreditsToFree = 2;

    private const int LeastRunAtGoalBlocks = 8;
    private const int MostGroupsSearched = 16;
    private const long MostConversionReserveBlocks = 4096;
    private const int ConversionReserveDivisor = 50;

    private readonly Machine _machine;
    private readonly VolumeGeometry _geometry;
    private readonly GroupTable _groups;
    private readonly SystemZone _zone;
    private readonly BlockBitmaps _bitmaps;
    private readonly FreedBlocks _freed;
    private readonly MaximumTree _longestRuns;
    private long _withheldBlocks;

    internal BlockAllocator(VolumeGeometry geometry, BufferCache buffers, GroupTable groups, SystemZone zone, long superuserReserveBlocks)
    {
        _machine = buffers.Machine;
        _geometry = geometry;
        _groups = groups;
        _zone = zone;
        _bitmaps = new BlockBitmaps(geometry, buffers, groups, zone);
        _freed = new FreedBlocks(groups.Count, geometry.ClustersPerGroup, UpdateBound);
        _longestRuns = new MaximumTree(groups.Count);
        for (int group = 0; group < groups.Count; group++)
        {
            FreeBlocksCount += groups.FreeBlocksCount(group); // (3)
            UpdateBound(group);
        }

        SuperuserReserveBlocks = superuserReserveBlocks;
        ConversionReserveBlocks = Math.Min(geometry.BlocksCount / ConversionReserveDivisor, MostConversionReserveBlocks);
    }

    /// <summary>Blocks that the bitmaps call free, those that wait for a commit included.</summary>
    public long FreeBlocksCount { get; private set; }

    /// <summary>
    /// Free blocks that nobody may have before the transaction that freed them has committed: if there are some, who got ENOSPC may commit
    /// and try again.
    /// </summary>
    public long UncommittedFreeBlocksCount => _freed.Count;

    /// <summary>Blocks promised to delayed allocation by <see cref="TryReserve"/>.</summary>
    public long ReservedBlocksCount { get; private set; }

    /// <summary>Free blocks that only <see cref="AllocationUse.Privileged"/> callers may have (<c>s_r_blocks_count</c>).</summary>
    public long SuperuserReserveBlocks { get; }

    /// <summary>
    /// Free blocks kept for <see cref="AllocationUse.MustNotFail"/>: the smaller of a fiftieth of the volume and 4,096, as the kernel keeps
    /// (its <c>reserved_clusters</c>), unless it is set otherwise.
    /// </summary>
    public long ConversionReserveBlocks { get; set; }

    /// <summary>Whether a block is on the volume and none of its own.</summary>
    public bool IsAllocatable(long firstBlock, long lengthBlocks) =>
        lengthBlocks > 0 && _geometry.IsBlockRange(firstBlock, lengthBlocks) && !_zone.Overlaps(firstBlock, lengthBlocks);

    /// <summary>
    /// Makes the volume full without changing it: of its free blocks, those that are kept in reserve among them, nobody can have more than
    /// <paramref name="leave"/>; what delayed allocation was promised it can have still. Blocks that are freed later can be had.
    /// </summary>
    public void WithholdFreeBlocks(long leave)
    {
        _machine.Touch(SharedState.Metadata, AccessKind.Write);
        _withheldBlocks = Math.Max(0, FreeBlocksCount - ReservedBlocksCount - leave);
    }

    /// <summary>Ends <see cref="WithholdFreeBlocks"/>.</summary>
    public void GiveBack()
    {
        _machine.Touch(SharedState.Metadata, AccessKind.Write);
        _withheldBlocks = 0;
    }

    /// <summary>How many blocks such a caller may have now; may be negative.</summary>
    public long AvailableTo(AllocationUse use)
    {
        _machine.Touch(SharedState.Metadata, AccessKind.Read);
        long available = FreeBlocksCount - _freed.Count - _withheldBlocks;
        if (_withheldBlocks > 0)
            return (use & AllocationUse.Reserved) != 0 ? available : available - ReservedBlocksCount;
        if ((use & AllocationUse.MustNotFail) != 0)
            return available;
        available -= ConversionReserveBlocks;
        if ((use & AllocationUse.Reserved) == 0)
            available -= ReservedBlocksCount;
        if ((use & (AllocationUse.Privileged | AllocationUse.Reserved)) == 0)
            available -= SuperuserReserveBlocks;
        return available;
    }

    /// <summary>Promises blocks to delayed allocation, if there are so many.</summary>
    public bool TryReserve(long lengthBlocks, AllocationUse use = AllocationUse.None)
    {
        if (lengthBlocks > AvailableTo(use & ~AllocationUse.Reserved))
            return false;
        _machine.Touch(SharedState.Metadata, AccessKind.Write);
        ReservedBlocksCount += lengthBlocks;
        return true;
    }

    /// <summary>Takes back a promise that was not redeemed by an allocation with <see cref="AllocationUse.Reserved"/>.</summary>
    public void ReleaseReservation(long lengthBlocks)
    {
        InvariantException.Require(lengthBlocks >= 0 && lengthBlocks <= ReservedBlocksCount, "no more is given back than was reserved");
        _machine.Touch(SharedState.Metadata, AccessKind.Write);
        ReservedBlocksCount -= lengthBlocks;
    }

    /// <summary>
    /// Where the blocks of an inode without any go: its group, or for regular files of flexible groups the group behind the one that is
    /// full of metadata.
    /// </summary>
    public long GoalForInode(uint inode, bool isDirectory)
    {
        int group = _geometry.GroupOfInode(inode);
        const int leastFlexSize = 4;
        if (_geometry.GroupsPerFlex >= leastFlexSize)
        {
            group -= group % _geometry.GroupsPerFlex;
            if (!isDirectory && group + 1 < _geometry.GroupCount)
                group++;
        }

        return _geometry.GroupFirstBlock(group);
    }

    /// <summary>Allocates up to <paramref name="wantedBlocks"/> blocks side by side, inside one group.</summary>
    /// <param name="handle">Has <see cref="CreditsToAllocate"/> credits.</param>
    /// <param name="goal">Where they should begin; a block that is not on the volume stands for no wish.</param>
    /// <param name="wantedBlocks">How many at most.</param>
    /// <param name="use">Who asks.</param>
    /// <returns>At least one block.</returns>
    /// <exception cref="FileSystemException">ENOSPC: no block is left that the caller may have.</exception>
    /// <exception cref="CorruptionException">A bitmap is damaged.</exception>
    public BlockRun Allocate(Handle handle, long goal, int wantedBlocks, AllocationUse use)
    {
        InvariantException.Require(wantedBlocks > 0, "somebody who allocates wants a block");
        long available = AvailableTo(use);
        if (available <= 0)
            throw new FileSystemException(
                Errno.ENOSPC, "allocate a block", $"{FreeBlocksCount} blocks are free, and none of them for this caller now");
        if (!_geometry.IsBlockRange(goal, 1))
            goal = _geometry.FirstDataBlock;

        int wanted = (int)Math.Min(wantedBlocks, available);
        int goalGroup = _geometry.GroupOfBlock(goal);
        int goalBit = (int)(goal - _geometry.GroupFirstBlock(goalGroup));
        (int group, int first, int length) = FindAtGoal(goalGroup, goalBit, wanted);
        if (length == 0)
            (group, first, length) = Find(goalGroup, goalBit, wanted);
        var run = new BlockRun(_geometry.GroupFirstBlock(group) + first, length);
        InvariantException.Require(
            length > 0 && IsAllocatable(run.FirstBlock, length), "what counts as free is found, and is not the volume's own"); // (4)

        _bitmaps.Take(handle, group, first, length);
        FreeBlocksCount -= length;
        _longestRuns[group] = Math.Min(_longestRuns[group], UsableIn(group));
        if ((use & AllocationUse.Reserved) != 0)
            ReleaseReservation(Math.Min(length, ReservedBlocksCount));
        return run;
    }

    /// <summary>Frees blocks, which may be of several groups.</summary>
    /// <param name="handle">Has <see cref="CreditsToFree"/> credits for each group.</param>
    /// <param name="firstBlock">The first.</param>
    /// <param name="lengthBlocks">How many.</param>
    /// <param name="use">What they held: metadata is revoked.</param>
    /// <exception cref="CorruptionException">They are not on the volume, are the volume's own, or are free already.</exception>
    public void Free(Handle handle, long firstBlock, int lengthBlocks, BlockUse use)
    {
        if (!IsAllocatable(firstBlock, lengthBlocks)) // (4)
        {
            throw new CorruptionException(
                firstBlock << _geometry.BlockSizeShift, "freed blocks", "place", "blocks that files may have",
                $"blocks {firstBlock} to {firstBlock + lengthBlocks - 1}");
        }

        for (long block = firstBlock, end = firstBlock + lengthBlocks; block < end;)
        {
            (int group, int first, int length) = PartInGroup(block, end);
            _bitmaps.Release(handle, group, first, length);
            FreeBlocksCount += length;
            _freed.Add(handle, group, first, length); // (1)
            block += length;
        }

        if (use == BlockUse.Metadata)
            handle.Revoke(firstBlock, lengthBlocks);
        else if (use == BlockUse.JournalledData)
            handle.Forget(firstBlock, lengthBlocks);
    }

    /// <summary>
    /// Gives back blocks that were allocated under the same handle and that nothing was written to and nothing refers to: they can be had
    /// again at once.
    /// </summary>
    /// <param name="handle">The handle.</param>
    /// <param name="run">The blocks.</param>
    /// <param name="use">As they were allocated: what came out of what was reserved is reserved again.</param>
    public void Return(Handle handle, BlockRun run, AllocationUse use = AllocationUse.None)
    {
        (int group, int first, int length) = PartInGroup(run.FirstBlock, run.EndBlock);
        InvariantException.Require(length == run.LengthBlocks, "an allocated run is inside one group");
        _bitmaps.Release(handle, group, first, length);
        FreeBlocksCount += length;
        if ((use & AllocationUse.Reserved) != 0)
            ReservedBlocksCount += length;
        UpdateBound(group);
    }

    /// <summary>Writes the bitmap of a group that was never initialised.</summary>
    internal void InitialiseGroup(Handle handle, int group) => _bitmaps.Initialise(handle, group);

    private int UsableIn(int group) => _groups.FreeBlocksCount(group) - _freed.CountIn(group);

    private void UpdateBound(int group) => _longestRuns[group] = UsableIn(group); // (2)

    private (int Group, int First, int Length) PartInGroup(long block, long endBlock)
    {
        int group = _geometry.GroupOfBlock(block);
        int first = (int)(block - _geometry.GroupFirstBlock(group));
        return (group, first, (int)Math.Min(endBlock - block, _geometry.BlocksInGroup(group) - first));
    }

    private (int Group, int First, int Length) FindAtGoal(int group, int bit, int wanted)
    {
        int least = Math.Min(wanted, LeastRunAtGoalBlocks);
        if (_longestRuns[group] < least)
            return default;
        int end = (int)Math.Min(_bitmaps.BitsIn(group), (long)bit + wanted);
        int length = BitmapWords.FindSet(_bitmaps.Read(group), _freed.Overlay(group), bit, end) - bit;
        return length >= least ? (group, bit, length) : default;
    }

    private (int Group, int First, int Length) Find(int goalGroup, int goalBit, int wanted)
    {
        (int Group, int First, int Length) best = default;
        for (int searched = 0; ; searched++)
        {
            int target = Math.Min(wanted, _longestRuns.Maximum);
            if (target <= best.Length || (searched >= MostGroupsSearched && best.Length > 0))
                return best;
            int group = _longestRuns.FindNext(goalGroup, target);
            (int first, int length) = Search(group, group == goalGroup ? goalBit : 0, wanted);
            if (length > best.Length)
                best = (group, first, length);
            if (length >= target)
                return (group, first, length);
            _longestRuns[group] = length;
        }
    }

    private (int First, int Length) Search(int group, int fromBit, int wanted)
    {
        ReadOnlySpan<byte> bitmap = _bitmaps.Read(group);
        ReadOnlySpan<ulong> overlay = _freed.Overlay(group);
        int end = _bitmaps.BitsIn(group);
        (int First, int Length) behind = BitmapWords.FindRun(bitmap, overlay, fromBit, end, wanted);
        if (behind.Length >= wanted || fromBit == 0)
            return behind;
        (int First, int Length) anywhere = BitmapWords.FindRun(bitmap, overlay, 0, end, wanted);
        return anywhere.Length > behind.Length ? anywhere : behind;
    }
}
