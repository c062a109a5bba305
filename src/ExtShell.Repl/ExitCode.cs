namespace ExtShell.Repl;

/// <summary>What the program answers to a pipeline.</summary>
internal enum ExitCode
{
    /// <summary>The script ran, and what it returned is clean.</summary>
    Clean = 0,

    /// <summary>The script returned a report with findings.</summary>
    Findings = 1,

    /// <summary>The arguments make no sense.</summary>
    Usage = 2,

    /// <summary>The script does not compile, failed, or was cancelled.</summary>
    ScriptError = 3,
}
