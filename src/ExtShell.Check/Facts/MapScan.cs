using System.Runtime.InteropServices;

namespace ExtShell.Check.Facts;

/// <summary>
/// What the reading of one inode gathers: its runs, the blocks of its map, totals, findings. One is used for all inodes of a check, one
/// after the other.
/// </summary>
internal sealed class MapScan
{
    private readonly List<MappedRun> _runs = [];
    private readonly List<BlockClaim> _mapBlocks = [];
    private readonly HashSet<long> _visited = [];

    public FindingList Findings { get; } = new();

    /// <summary>The inode that is being read.</summary>
    public uint Inode { get; private set; }

    public bool IsDirectory { get; private set; }

    /// <summary>Blocks that count in i_blocks.</summary>
    public long BlocksCount { get; private set; }

    /// <summary>The highest logical block that is mapped and written; −1 if there is none.</summary>
    public long LastWrittenBlock { get; private set; }

    /// <summary>The highest logical block that is mapped; −1 if there is none.</summary>
    public long LastBlock { get; private set; }

    /// <summary>Whether a node's sum did not match.</summary>
    public bool HasUnknownParts { get; private set; }

    public ReadOnlySpan<MappedRun> Runs => CollectionsMarshal.AsSpan(_runs);

    public void Begin(uint inode, bool isDirectory)
    {
        Inode = inode;
        IsDirectory = isDirectory;
        BlocksCount = 0;
        LastWrittenBlock = LastBlock = -1;
        HasUnknownParts = false;
        _runs.Clear();
        _mapBlocks.Clear();
        _visited.Clear();
    }

    public void Unknown() => HasUnknownParts = true;

    public void CountBlock() => BlocksCount++;

    /// <summary>Adds a run that lies on the volume.</summary>
    public void AddRun(MappedRun run)
    {
        BlocksCount += run.LengthBlocks;
        long last = run.EndLogicalBlock - 1;
        LastBlock = Math.Max(LastBlock, last);
        if (run.IsWritten)
            LastWrittenBlock = Math.Max(LastWrittenBlock, last);
        if (_runs.Count > 0)
        {
            MappedRun before = _runs[^1];
            if (before.IsWritten == run.IsWritten && before.EndLogicalBlock == run.LogicalBlock
                && before.EndPhysicalBlock == run.PhysicalBlock && (long)before.LengthBlocks + run.LengthBlocks <= uint.MaxValue)
            {
                _runs[^1] = before with { LengthBlocks = before.LengthBlocks + run.LengthBlocks };
                return;
            }
        }

        _runs.Add(run);
    }

    /// <summary>
    /// Adds a block of the map that lies on the volume; false if the map has been there already, and must not be followed again.
    /// </summary>
    public bool AddMapBlock(long block)
    {
        BlocksCount++;
        _mapBlocks.Add(new BlockClaim(block, 1, ClaimKind.Map));
        return _visited.Add(block);
    }

    public MappedRun[] TakeRuns() => _runs.Count == 0 ? [] : [.. _runs];

    public BlockClaim[] TakeMapBlocks() => _mapBlocks.Count == 0 ? [] : [.. _mapBlocks];
}
