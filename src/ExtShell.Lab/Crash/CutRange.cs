namespace ExtShell.Lab.Crash;

/// <summary>
/// Cuts, both ends included. The cut at position p comes after p device events and after every call event at a position up to p.
/// </summary>
/// <param name="First">The first.</param>
/// <param name="Last">The last.</param>
public readonly record struct CutRange(int First, int Last)
{
    /// <summary>Whether there is none.</summary>
    public bool IsEmpty => First > Last;

    /// <summary>The cuts in both ranges.</summary>
    public CutRange Intersect(CutRange other) => new(Math.Max(First, other.First), Math.Min(Last, other.Last));

    /// <inheritdoc/>
    public override string ToString() => First == Last ? $"{First}" : $"{First}–{Last}";
}
