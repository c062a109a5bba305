using ExtShell.Engine.Devices;
using ExtShell.Engine.Kernel;
using ExtShell.Lab.Durability;

namespace ExtShell.Lab.Scenarios;

/// <summary>Runs scenarios. A run is a function of the scenario and the strategy.</summary>
/// <remarks>
/// The volume is made (once for each specification), mounted, set up, and synced; then the write log begins and the threads run. One thread
/// is the outside caller itself; several are simulated threads. What is in flight when they have ended stays in flight: the last cuts see
/// it.
/// </remarks>
public static class ScenarioRunner
{
    /// <summary>Makes the run.</summary>
    /// <param name="scenario">What to run.</param>
    /// <param name="strategy">Who picks what happens next; null for the default schedule.</param>
    public static ScenarioRun Run(Scenario scenario, IScheduleStrategy? strategy = null)
    {
        SetupStrategy? guarded = strategy is null ? null : new SetupStrategy(strategy);
        var machine = new ScenarioMachine(scenario, guarded);
        machine.RunAlone(scenario.Setup);
        machine.RunAlone([Operation.SyncVolume()]);
        machine.Machine.RunUntilIdle();
        WriteLog log = machine.BeginLog(static log => Baseline.Capture(log.Start));
        if (guarded is not null)
            guarded.IsSetupDone = true;
        if (scenario.Threads.Count == 1 && scenario.Bodies.Count == 0)
            machine.RunAlone(scenario.Threads[0]);
        else if (scenario.Threads.Count + scenario.Bodies.Count > 0)
            machine.RunTogether(scenario);
        var ledger = new Ledger(machine.History, scenario.Mount);
        return new ScenarioRun(scenario, log, machine.History, ledger, machine.Volume) { Promises = machine.Promises };
    }
}
