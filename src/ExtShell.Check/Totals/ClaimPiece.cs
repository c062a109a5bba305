namespace ExtShell.Check.Totals;

/// <summary>Blocks whose number of claims differs from the base.</summary>
internal readonly record struct ClaimPiece(long Block, long EndBlock, int CountBefore, int Count)
{
    public bool IsContested => Count > 1;
}
