using ExtShell.Engine.Kernel;
using ExtShell.Format.Errors;
using ExtShell.Lab.Durability;
using ExtShell.Lab.Scenarios;

namespace ExtShell.Lab.Crash;

/// <summary>Runs a scenario and explores its crash states with its own ledger as judge.</summary>
public static class CrashSearch
{
    /// <summary>Runs and explores.</summary>
    /// <param name="scenario">What to run.</param>
    /// <param name="options">How far to explore.</param>
    /// <param name="strategy">Who picks what happens next; null for the default schedule.</param>
    public static (ScenarioRun Run, CrashReport Report) Explore(
        Scenario scenario, ExploreOptions? options = null, IScheduleStrategy? strategy = null)
    {
        ScenarioRun run = ScenarioRunner.Run(scenario, strategy);
        options ??= ExploreOptions.Default;
        if (scenario.Holds.Contains(ScenarioPromise.NoWarnings))
            options = options with { ReportsWarnings = true };
        return (run, new CrashExplorer(run.Log, scenario.Device).Explore(run.Ledger, options));
    }

    /// <summary>Finds a small scenario that shows the same kind of violation.</summary>
    /// <param name="scenario">A scenario that shows it.</param>
    /// <param name="kind">What it shows.</param>
    /// <param name="options">How far to go.</param>
    /// <param name="mostLeaves">The most leaves that are looked at in one scenario.</param>
    public static ShrinkResult Shrink(Scenario scenario, ViolationKind kind, ShrinkOptions? options = null, long mostLeaves = 20_000) =>
        new Shrinker(candidate => Shows(candidate, kind, mostLeaves), options).Shrink(scenario);

    /// <summary>
    /// Whether a scenario shows a kind of violation. One that cannot be run, since taking operations out of it led elsewhere, does not.
    /// </summary>
    public static bool Shows(Scenario scenario, ViolationKind kind, long mostLeaves = 20_000)
    {
        using var found = new CancellationTokenSource();
        bool isFound = false;
        var options = new ExploreOptions
        {
            MostLeaves = mostLeaves,
            Cancellation = found.Token,
            OnFinding = finding =>
            {
                if (finding.Violation.Kind != kind)
                    return;
                isFound = true;
                found.Cancel();
            },
        };
        try
        {
            Explore(scenario, options);
        }
        catch (Exception failure) when (failure is FileSystemException or CorruptionException or DeadlockException)
        {
            return false;
        }

        return isFound;
    }
}
