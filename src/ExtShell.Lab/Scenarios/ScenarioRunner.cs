using ExtShell.Engine.Kernel;
using ExtShell.Format.Errors;

namespace ExtShell.Lab.Scenarios;

/// <summary>Runs scenarios.</summary>
public static class ScenarioRunner
{
    /// <summary>Makes the volume, does the set-up, syncs, starts the write log, and runs the threads.</summary>
    /// <param name="scenario">What to run.</param>
    /// <param name="strategy">Who picks what happens next; null for the default schedule.</param>
    public static ScenarioRun Run(Scenario scenario, IScheduleStrategy? strategy = null) =>
        throw new InvariantException("this landing has signatures only");
}
