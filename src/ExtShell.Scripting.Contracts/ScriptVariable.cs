namespace ExtShell.Scripting.Contracts;

/// <summary>A variable that a submission of the session declared.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">What it holds now.</param>
public readonly record struct ScriptVariable(string Name, object? Value);
