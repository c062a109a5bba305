namespace ExtShell.Scripting.Contracts;

/// <summary>Where in a script something failed when it ran.</summary>
/// <param name="Path">The file; empty at a prompt.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="SourceLine">The line's text; empty where it cannot be read.</param>
public sealed record ScriptPlace(string Path, int Line, string SourceLine);
