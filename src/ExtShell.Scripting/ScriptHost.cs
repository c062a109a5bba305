using ExtShell.Scripting.Compiling;
using ExtShell.Scripting.Contracts;

namespace ExtShell.Scripting;

/// <summary>The script host: Roslyn behind the contracts.</summary>
public sealed class ScriptHost : IScriptHost
{
    /// <inheritdoc/>
    public IScriptSession NewSession(Experiment experiment) => new ScriptSession(experiment, CompilationCache.OfUser());
}
