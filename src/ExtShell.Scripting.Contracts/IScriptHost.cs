namespace ExtShell.Scripting.Contracts;

/// <summary>
/// Compiles and runs C# scripts. Its implementation brings Roslyn, and is loaded in a context of its own when the first script runs.
/// </summary>
public interface IScriptHost
{
    /// <summary>Begins a session: submissions see what earlier ones of the session declared.</summary>
    /// <param name="experiment">What the scripts see as their own members.</param>
    IScriptSession NewSession(Experiment experiment);
}
