using ExtShell.Lab.Scenarios;

namespace ExtShell.Lab.Crash;

/// <summary>What shrinking came to.</summary>
/// <param name="Scenario">The smallest scenario that still shows it.</param>
/// <param name="Runs">How many scenarios were run.</param>
/// <param name="IsMinimal">Whether nothing that was tried makes it smaller; false if the runs ran out, or it was cancelled.</param>
public sealed record ShrinkResult(Scenario Scenario, int Runs, bool IsMinimal);
