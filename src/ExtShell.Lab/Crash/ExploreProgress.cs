using System.Numerics;

namespace ExtShell.Lab.Crash;

/// <summary>How far an exploration is.</summary>
/// <param name="Cut">The last cut of the epochs explored.</param>
/// <param name="LastCut">The log's last cut.</param>
/// <param name="Leaves">Leaves visited.</param>
/// <param name="States">Crash states that they stand for.</param>
/// <param name="Findings">Findings so far.</param>
public readonly record struct ExploreProgress(int Cut, int LastCut, long Leaves, BigInteger States, int Findings);
