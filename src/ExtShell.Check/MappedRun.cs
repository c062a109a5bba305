namespace ExtShell.Check;

/// <summary>A run of a file's blocks that lie side by side on the volume; what no run covers is a hole.</summary>
/// <param name="LogicalBlock">The first block of the file.</param>
/// <param name="LengthBlocks">How many blocks.</param>
/// <param name="PhysicalBlock">The first block on the volume.</param>
/// <param name="IsWritten">Whether the blocks hold data; unwritten ones read as zeroes.</param>
public readonly record struct MappedRun(uint LogicalBlock, uint LengthBlocks, long PhysicalBlock, bool IsWritten)
{
    /// <summary>The first block of the file behind it; up to 2^32.</summary>
    public long EndLogicalBlock => LogicalBlock + (long)LengthBlocks;

    /// <summary>The first block of the volume behind it.</summary>
    public long EndPhysicalBlock => PhysicalBlock + LengthBlocks;
}
