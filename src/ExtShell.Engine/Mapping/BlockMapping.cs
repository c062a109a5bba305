namespace ExtShell.Engine.Mapping;

/// <summary>A run of blocks of a file that lie side by side on the volume, in one state; or a run of a hole.</summary>
/// <param name="LogicalBlock">The first block of the file.</param>
/// <param name="PhysicalBlock">The block of the volume behind it; 0 for a hole.</param>
/// <param name="LengthBlocks">How many blocks; at least 1.</param>
/// <param name="State">What they are.</param>
public readonly record struct BlockMapping(uint LogicalBlock, long PhysicalBlock, int LengthBlocks, MappingState State)
{
    /// <summary>The first block of the file behind the run; up to 2^32.</summary>
    public long EndLogicalBlock => LogicalBlock + (long)LengthBlocks;

    /// <summary>Whether blocks of the volume belong to it.</summary>
    public bool IsMapped => State != MappingState.Hole;
}
