using ExtShell.Scripting.Contracts.Assistance;

namespace ExtShell.Scripting.Contracts;

/// <summary>A sequence of submissions: one for a script, many for a prompt.</summary>
public interface IScriptSession
{
    /// <summary>Compiles and runs a submission. A script's first submission is compiled once, and then found in the user's cache.</summary>
    /// <param name="code">C# script code. <c>_</c> is the last submission's value.</param>
    /// <param name="path">
    /// The file it comes from, for messages and for <c>#load</c> and <c>#r</c>; null at a prompt, where a declaration's last semicolon may
    /// be left out.
    /// </param>
    /// <param name="cancellation">
    /// Ends the wait for a script that awaits; long work sees it as <see cref="Experiment.Cancellation"/>.
    /// </param>
    /// <exception cref="ScriptCompilationException">It does not compile.</exception>
    Task<ScriptResult> RunAsync(string code, string? path, CancellationToken cancellation);

    /// <summary>Whether the code is a whole submission: false where more lines are needed.</summary>
    bool IsComplete(string code);

    /// <summary>The variables that the session's submissions declared, the newest first; of two of one name the newer.</summary>
    IReadOnlyList<ScriptVariable> Variables { get; }

    /// <summary>Where in the session's scripts something failed: the innermost of their lines on its stack; null for none.</summary>
    ScriptPlace? FindPlace(Exception failure);

    /// <summary>Submissions of this session as one script.</summary>
    string ToScript(IReadOnlyList<SessionEntry> entries);

    /// <summary>What is wrong with code that would run as a script of its own; nothing is run.</summary>
    IReadOnlyList<ScriptDiagnostic> Check(string code);

    /// <summary>What can stand at a place of a submission that is being typed.</summary>
    /// <param name="code">The submission as far as it is typed.</param>
    /// <param name="position">The place, as an index into the code.</param>
    CompletionList Complete(string code, int position);

    /// <summary>The overloads of the call whose arguments are being typed at the place; empty outside of any.</summary>
    SignatureHelp Signatures(string code, int position);

    /// <summary>What the parts of the code are, in order and without overlaps; what is in between is plain.</summary>
    IReadOnlyList<ClassifiedSpan> Classify(string code);
}
