using ExtShell.Engine.IO;
using ExtShell.Lab.Scenarios;
using ExtShell.Lab.Scheduling;

namespace ExtShell.TestTools.Defects;

/// <summary>
/// Looks for a defect without its scenario: seeds of a generator that knows neither protocols nor switches, each run under a few schedules,
/// with crash states, until something is found that is not found with the defect closed, nor with a part of it open that is a defect of its
/// own.
/// </summary>
/// <param name="MostSeeds">How many scenarios at most.</param>
/// <param name="SchedulesOfScenario">How many schedules of each.</param>
/// <param name="LeavesOfSchedule">How many leaves of each schedule's crash states.</param>
public sealed record DefectGeneration(int MostSeeds = 2_000, int SchedulesOfScenario = 40, int LeavesOfSchedule = 60)
{
    /// <summary>Searches.</summary>
    /// <param name="row">The defect.</param>
    /// <param name="rows">All of them.</param>
    /// <returns>The seed, what it showed, and how many scenarios and schedules were run; no seed if nothing was found.</returns>
    public GeneratedDefect Search(DefectRow row, IReadOnlyList<DefectRow> rows)
    {
        bool isIndirect = row.Protocol == "Ext3Indirect";
        bool isMemory = WriteProtocols.Describe(row.Protocol).Name.Contains("Dax", StringComparison.Ordinal);
        DefectRow[] parts = [.. rows.Where(row.Includes).DistinctBy(static part => string.Join(' ', part.Defective))];
        long schedules = 0;
        for (int seed = 1; seed <= MostSeeds; seed++)
        {
            Scenario scenario = RacingScenarioGenerator.Make((ulong)seed, isIndirect ? "^extents,^64bit" : "", isMemory);
            ScheduleReport open = Run(row.Apply(scenario, isCured: false), stopsAtFirst: true);
            schedules += open.Schedules;
            if (open.IsClean)
                continue;
            ScheduleReport closed = Run(row.Apply(scenario, isCured: true), stopsAtFirst: false);
            schedules += closed.Schedules;
            bool isItsOwn = closed.IsClean && parts.All(part => Run(part.Apply(scenario, isCured: false), stopsAtFirst: true).IsClean);
            if (isItsOwn)
                return new GeneratedDefect(row, seed, open.Findings[0], schedules);
        }

        return new GeneratedDefect(row, 0, null, schedules);
    }

    private ScheduleReport Run(Scenario scenario, bool stopsAtFirst) => ScheduleSearch.Run(scenario, new ScheduleOptions
    {
        MostSchedules = SchedulesOfScenario,
        ExploresCrashStates = true,
        MostLeaves = LeavesOfSchedule,
        StopsAtFirstFinding = stopsAtFirst,
    });
}

/// <summary>What the generator found of a defect.</summary>
/// <param name="Row">The defect.</param>
/// <param name="Seed">The scenario's seed; 0 for none.</param>
/// <param name="Finding">What it showed.</param>
/// <param name="Schedules">How many schedules were run until then.</param>
public sealed record GeneratedDefect(DefectRow Row, int Seed, ScheduleFinding? Finding, long Schedules);
