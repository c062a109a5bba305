namespace ExtShell.Engine.Allocation;

/// <summary>Blocks of the volume side by side.</summary>
/// <param name="FirstBlock">The first.</param>
/// <param name="LengthBlocks">How many.</param>
public readonly record struct BlockRun(long FirstBlock, int LengthBlocks)
{
    /// <summary>The block behind the last.</summary>
    public long EndBlock => FirstBlock + LengthBlocks;
}
