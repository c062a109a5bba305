namespace ExtShell.Scripting.Contracts;

/// <summary>What a submission came to.</summary>
/// <param name="HasValue">False for a declaration, a statement, or a call that returns nothing.</param>
/// <param name="Value">The value of the last expression, or what the script returned.</param>
public readonly record struct ScriptResult(bool HasValue, object? Value);
