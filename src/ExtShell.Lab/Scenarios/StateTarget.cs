using System.Numerics;

namespace ExtShell.Lab.Scenarios;

/// <summary>How many crash states a generated scenario is to have.</summary>
/// <param name="Least">At least.</param>
/// <param name="Most">At most: brute force visits them all.</param>
public readonly record struct StateTarget(int Least, int Most)
{
    /// <summary>Whether a count lies in it.</summary>
    public bool Contains(BigInteger states) => states >= Least && states <= Most;
}
