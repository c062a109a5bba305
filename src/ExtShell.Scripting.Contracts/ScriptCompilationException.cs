namespace ExtShell.Scripting.Contracts;

/// <summary>A script does not compile.</summary>
public sealed class ScriptCompilationException : Exception
{
    /// <summary>Makes the error.</summary>
    public ScriptCompilationException(IReadOnlyList<ScriptDiagnostic> diagnostics)
        : base(string.Join(Environment.NewLine, diagnostics)) => Diagnostics = diagnostics;

    /// <summary>What is wrong, in order of place.</summary>
    public IReadOnlyList<ScriptDiagnostic> Diagnostics { get; }
}
