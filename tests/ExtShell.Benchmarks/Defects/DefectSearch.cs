using System.Diagnostics;
using ExtShell.Lab.Crash;
using ExtShell.Lab.Scheduling;

namespace ExtShell.TestTools.Defects;

/// <summary>Looks for a defect as its row says: with the defect open until it is found, and with it closed to the end of the bounds.</summary>
public static class DefectSearch
{
    private const int MostShrinkRuns = 200;

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
        ScheduleShrinkResult? shrunk = finding is null ? null : ScheduleSearch.Shrink(finding, row.Options(), new ShrinkOptions { MostRuns = MostShrinkRuns });
        began = Stopwatch.GetTimestamp();
        ScheduleReport? cured = row.IsStated ? null : Cure(row, mostCuredSchedules);
        return new DefectOutcome(row, found, finding, shrunk, cured, findTime, Stopwatch.GetElapsedTime(began));
    }
}
