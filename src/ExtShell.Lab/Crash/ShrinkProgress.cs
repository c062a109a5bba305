namespace ExtShell.Lab.Crash;

/// <summary>How far shrinking is.</summary>
/// <param name="Runs">Scenarios run.</param>
/// <param name="Operations">Operations of the smallest scenario so far that still shows it.</param>
public readonly record struct ShrinkProgress(int Runs, int Operations);
