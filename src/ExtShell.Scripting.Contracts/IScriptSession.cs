namespace ExtShell.Scripting.Contracts;

/// <summary>A sequence of submissions: one for a script, many for a prompt.</summary>
public interface IScriptSession
{
    /// <summary>Compiles and runs a submission.</summary>
    /// <param name="code">C# script code.</param>
    /// <param name="path">The file it comes from, for messages and for <c>#load</c> and <c>#r</c>; null at a prompt.</param>
    /// <param name="cancellation">Ends the wait for a script that awaits; long work sees it as <see cref="Experiment.Cancellation"/>.</param>
    /// <returns>The value of the last expression, or what the script returned; null for none.</returns>
    /// <exception cref="ScriptCompilationException">It does not compile.</exception>
    Task<object?> RunAsync(string code, string? path, CancellationToken cancellation);

    /// <summary>Whether the code is a whole submission: false where more lines are needed. At a prompt a declaration's last semicolon may be left out.</summary>
    bool IsComplete(string code);
}
