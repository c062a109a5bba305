namespace ExtShell.Scripting.Contracts;

/// <summary>How far a script is.</summary>
/// <param name="Activity">What it does.</param>
/// <param name="Status">Where it is with that.</param>
/// <param name="Percent">How much is done, 0 to 100; −1 where nobody knows.</param>
/// <param name="IsDone">Whether the activity has ended, so that nothing of it needs to be shown any more.</param>
public readonly record struct ScriptProgress(string Activity, string Status, int Percent, bool IsDone);
