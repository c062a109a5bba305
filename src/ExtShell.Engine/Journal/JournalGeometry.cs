using ExtShell.Format.Errors;

namespace ExtShell.Engine.Journal;

/// <summary>Where the blocks of a journal are, and what recovery may write to.</summary>
public sealed class JournalGeometry
{
    private readonly JournalRun[] _runs;

    /// <summary>Makes it.</summary>
    /// <param name="blockSizeBytes">Bytes of a block, of volume and journal.</param>
    /// <param name="volumeLengthBlocks">Blocks of the volume.</param>
    /// <param name="runs">The journal's blocks in order, without gaps.</param>
    /// <exception cref="CorruptionException">The runs have a gap, or leave the volume.</exception>
    public JournalGeometry(int blockSizeBytes, long volumeLengthBlocks, IReadOnlyList<JournalRun> runs)
    {
        BlockSizeBytes = blockSizeBytes;
        VolumeLengthBlocks = volumeLengthBlocks;
        _runs = [.. runs];
        long next = 0;
        foreach (JournalRun run in _runs)
        {
            if (run.FirstBlock != next || run.LengthBlocks <= 0)
                throw new CorruptionException(0, "journal inode", "block map", $"block {next} of the journal", $"block {run.FirstBlock}");
            if (run.PhysicalBlock < 0 || run.PhysicalBlock > volumeLengthBlocks - run.LengthBlocks)
                throw new CorruptionException(
                    0, "journal inode", "block map", $"blocks below {volumeLengthBlocks}", $"block {run.PhysicalBlock}");
            next += run.LengthBlocks;
        }

        InvariantException.Require(next is > 0 and <= uint.MaxValue, "a journal has blocks");
        LengthBlocks = (uint)next;
    }

    /// <summary>Bytes of a block.</summary>
    public int BlockSizeBytes { get; }

    /// <summary>Blocks of the volume.</summary>
    public long VolumeLengthBlocks { get; }

    /// <summary>Blocks of the journal that are really there.</summary>
    public uint LengthBlocks { get; }

    /// <summary>Where in the image the volume's superblock is, in bytes.</summary>
    public long VolumeSuperBlockOffsetBytes { get; init; } = 1024;

    /// <summary>The journal's blocks in order.</summary>
    public IReadOnlyList<JournalRun> Runs => _runs;

    /// <summary>Where in the image a block of the journal begins, in bytes.</summary>
    public long OffsetBytes(uint block) => PhysicalBlock(block) * BlockSizeBytes;

    /// <summary>Where on the volume a block of the journal is.</summary>
    public long PhysicalBlock(uint block)
    {
        int low = 0;
        for (int high = _runs.Length - 1; low < high;)
        {
            int middle = (low + high + 1) / 2;
            if (_runs[middle].FirstBlock <= block)
                low = middle;
            else
                high = middle - 1;
        }

        JournalRun run = _runs[low];
        InvariantException.Require(block - run.FirstBlock < (uint)run.LengthBlocks, "a block of the journal lies inside it");
        return run.PhysicalBlock + (block - run.FirstBlock);
    }

    /// <summary>Whether a block of the volume belongs to the journal.</summary>
    public bool Contains(long physicalBlock)
    {
        foreach (JournalRun run in _runs)
        {
            if (physicalBlock >= run.PhysicalBlock && physicalBlock < run.PhysicalBlock + run.LengthBlocks)
                return true;
        }

        return false;
    }
}
