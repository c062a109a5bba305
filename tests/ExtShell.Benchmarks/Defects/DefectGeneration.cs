using ExtShell.Engine.IO;
using ExtShell.Lab.Scenarios;
using ExtShell.Lab.Scheduling;

namespace ExtShell.TestTools.Defects;

/// <summary>
/// Looks for a defect without its scenario: seeds of a generator that knows neither protocols nor switches, each run under a few schedules,
/// with crash states, until nothing is found with the defect closed, and with it open something that no part of it shows: fewer of its
/// switches, or a row of its own.
/// </summary>
/// <param name="MostSeeds">How many scenarios at most.</param>
/// <param name="SchedulesOfScenario">How many schedules of each.</param>
/// <param name="LeavesOfSchedule">How many leaves of each schedule's crash states.</param>
public sealed record DefectGeneration(int MostSeeds = 2_000, int SchedulesOfScenario = 40, int LeavesOfSchedule = 60)
{
    private const int PartsFactor = 10; // what parts show is looked for longer

    /// <summary>Searches.</summary>
    /// <param name="row">The defect.</param>
    /// <param name="rows">All of them.</param>
    /// <returns>The seed, what it showed, and how many scenarios and schedules were run; no seed if nothing was found.</returns>
    public GeneratedDefect Search(DefectRow row, IReadOnlyList<DefectRow> rows)
    {
        bool isIndirect = row.Protocol == "Ext3Indirect";
        bool isMemory = WriteProtocols.Describe(row.Protocol).Name.Contains("Dax", StringComparison.Ordinal);
        DefectRow[] parts =
            [.. row.Parts().Concat(rows.Where(row.Includes)).DistinctBy(static part => string.Join(' ', part.Defective))];
        long schedules = 0;
        for (int seed = 1; seed <= MostSeeds; seed++)
        {
            Scenario scenario = RacingScenarioGenerator.Make((ulong)seed, isIndirect ? "^extents,^64bit" : "", isMemory);
            ScheduleReport open = Run(row.Apply(scenario, isCured: false), stopsAtFirst: parts.Length == 0);
            schedules += open.Schedules;
            if (open.IsClean)
                continue;
            ScheduleReport closed = Run(row.Apply(scenario, isCured: true), stopsAtFirst: false);
            schedules += closed.Schedules;
            if (!closed.IsClean)
                continue;
            HashSet<object> others =
            [
                .. parts.SelectMany(part => Run(part.Apply(scenario, isCured: false), stopsAtFirst: false, PartsFactor).Findings)
                    .Select(KindOf),
            ];
            bool IsOwn(ScheduleFinding finding) => !others.Contains(KindOf(finding)) && (row.Parts().Count == 0 || row.Shows(finding));
            if (open.Findings.FirstOrDefault(IsOwn) is { } own)
                return new GeneratedDefect(row, seed, own, schedules);
        }

        return new GeneratedDefect(row, 0, null, schedules);
    }

    /// <summary>What a finding shows: the promise that is broken, or its own kind.</summary>
    private static object KindOf(ScheduleFinding finding) => finding.Violation?.Kind ?? (object)finding.Kind;

    private ScheduleReport Run(Scenario scenario, bool stopsAtFirst, int factor = 1) => ScheduleSearch.Run(scenario, new ScheduleOptions
    {
        MostSchedules = SchedulesOfScenario * factor,
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
