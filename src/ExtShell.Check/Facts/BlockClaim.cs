namespace ExtShell.Check.Facts;

/// <summary>Blocks that somebody owns.</summary>
internal readonly record struct BlockClaim(long Block, long LengthBlocks, ClaimKind Kind)
{
    public long EndBlock => Block + LengthBlocks;
}
