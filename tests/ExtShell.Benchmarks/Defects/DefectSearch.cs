using System.Diagnostics;
using ExtShell.Lab.Crash;
using ExtShell.Lab.Scenarios;
using ExtShell.Lab.Scheduling;

namespace ExtShell.TestTools.Defects;

/// <summary>
/// Looks for a defect as its row says: with the defect open until it is found, and with it closed to the end of the bounds.
/// </summary>
/// <remarks>
/// (1) What a finding is shrunk to shows the defect still: closed, the small scenario is clean. Else an operation would be taken out that
/// an expected answer of another depends on.
/// (2) Nor is it seen with a part of the switches on, in the row's scenario and in the small one: else it would be another defect's.
/// </remarks>
public static class DefectSearch
{
    private const int MostShrinkRuns = 200;
    private const int SchedulesOfShrinking = 200;

    /// <summary>Searches with the defect open, until what the row looks for is found.</summary>
    public static (ScheduleReport Report, ScheduleFinding? Finding) Find(DefectRow row)
    {
        using var found = new CancellationTokenSource();
        ScheduleFinding? finding = null;
        var options = row.Options() with
        {
            Cancellation = found.Token,
            OnFinding = seen =>
            {
                if (finding is not null || !row.Shows(seen))
                    return;
                finding = seen;
                found.Cancel();
            },
        };
        return (ScheduleSearch.Run(row.Scenario(isCured: false), options), finding);
    }

    /// <summary>Searches with each switch off in turn, and the others on.</summary>
    /// <returns>
    /// The first of these that shows what the row looks for: a switch that it does without; null where each is needed. (2)
    /// </returns>
    public static DefectRow? FindWithPart(DefectRow row, Scenario? scenario = null, long? mostSchedules = null)
    {
        scenario ??= Scenario.Parse(row.Text);
        return row.Parts().FirstOrDefault(part =>
            ScheduleSearch.Run(part.Apply(scenario, isCured: false), row.Options(mostSchedules)).Findings.Any(row.Shows));
    }

    /// <summary>Searches with the defect closed.</summary>
    /// <param name="row">The row.</param>
    /// <param name="mostSchedules">How many schedules at most; null for as many as the row says.</param>
    public static ScheduleReport Cure(DefectRow row, long? mostSchedules = null) =>
        ScheduleSearch.Run(row.Scenario(isCured: true), row.Options(mostSchedules));

    /// <summary>The whole row: found, shrunk, replayed, cured.</summary>
    public static DefectOutcome Show(DefectRow row, long? mostCuredSchedules = null)
    {
        long began = Stopwatch.GetTimestamp();
        (ScheduleReport found, ScheduleFinding? finding) = Find(row);
        TimeSpan findTime = Stopwatch.GetElapsedTime(began);
        ScheduleShrinkResult? shrunk = finding is null ? null : Shrink(row, finding);
        began = Stopwatch.GetTimestamp();
        ScheduleReport? cured = row.IsStated ? null : Cure(row, mostCuredSchedules);
        TimeSpan cureTime = Stopwatch.GetElapsedTime(began);
        return new DefectOutcome(row, found, finding, shrunk, cured, FindWithPart(row), findTime, cureTime);
    }

    /// <summary>Makes what was found of a row small.</summary>
    public static ScheduleShrinkResult Shrink(
        DefectRow row, ScheduleFinding finding) => ScheduleSearch.Shrink(finding, row.Options(), new ShrinkOptions
    {
        MostRuns = MostShrinkRuns,
        Keeps = smaller => row.IsStated
            || (ScheduleSearch.Run(row.Apply(smaller, isCured: true), row.Options(SchedulesOfShrinking)).IsClean // (1)
                && FindWithPart(row, smaller, SchedulesOfShrinking) is null), // (2)
    });
}
