using ExtShell.Lab.Scenarios;

namespace ExtShell.Lab.Scheduling;

/// <summary>One search, batch by batch.</summary>
/// <remarks>
/// (1) A batch's schedules are handed out, run side by side, told apart, judged side by side, and reported in their order: so the report
/// does not depend on how many workers there are.
/// (2) Runs that cannot be told apart are judged once.
/// </remarks>
internal sealed class SearchRun(string name, Scenario? scenario, Func<IScheduleProgram> newProgram, IScheduleSource source,
    ScheduleOptions options, StepNarrator? narrator = null)
{
    private const int BatchSize = 16; // small, so that what runs leave behind dies young
    private readonly List<RunSlot> _slots = [];
    private readonly HashSet<UInt128> _seen = [];
    private readonly HashSet<UInt128> _seenVolumes = [];
    private readonly ScheduleReport _report = new(name, options);
    private readonly ParallelOptions _parallel = new() { MaxDegreeOfParallelism = options.Workers > 0 ? options.Workers
        : Environment.ProcessorCount };

    public ScheduleReport Run()
    {
        while (!IsOver())
        {
            int count = HandOut();
            if (count == 0)
                break;
            ForEach(count, static slot => slot.Run()); // (1)
            for (int i = 0; i < count; i++)
                TellApart(_slots[i]);
            ForEach(count, static slot => slot.Judge());
            for (int i = 0; i < count && !HasEnough(); i++)
                Report(_slots[i]);
            options.Progress?.Report(new ScheduleProgress(
                _report.Schedules, options.MostSchedules, _report.Distinct, _report.Leaves, _report.Findings.Count));
        }

        _report.IsCancelled = options.Cancellation.IsCancellationRequested;
        _report.IsExhaustive = source.IsExhausted && _report.CutShort == 0 && _report.MadeFair == 0 && !HasEnough();
        return _report;
    }

    private void TellApart(RunSlot slot) // (2)
    {
        slot.IsNew = !slot.End.IsRedundant && _seen.Add(slot.End.Fingerprint);
        slot.IsVolumeNew = slot.IsNew && slot.End.Failure is null && _seenVolumes.Add(slot.End.VolumeFingerprint);
    }

    private bool HasEnough() => options.StopsAtFirstFinding && _report.Findings.Count > 0;

    private bool IsOver() => HasEnough() || _report.Schedules >= options.MostSchedules || options.Cancellation.IsCancellationRequested;

    private int HandOut()
    {
        int count = 0;
        while (count < BatchSize && _report.Schedules + count < options.MostSchedules && source.Next() is { } strategy)
        {
            if (count == _slots.Count)
            {
                _slots.Add(new RunSlot(newProgram(), options, source.NeedsFootprints));
                _slots[count].Recorder.Narrator = narrator;
            }

            _slots[count++].Assign(strategy);
        }

        return count;
    }

    private void ForEach(int count, Action<RunSlot> action)
    {
        if (_parallel.MaxDegreeOfParallelism == 1 || count == 1)
        {
            for (int i = 0; i < count; i++)
                action(_slots[i]);
            return;
        }

        Parallel.For(0, count, _parallel, i => action(_slots[i]));
    }

    private void Report(RunSlot slot)
    {
        if (slot.End.IsRedundant)
            _report.Redundant++;
        else
            _report.Schedules++;
        _report.CutShort += slot.End.IsCutShort ? 1 : 0;
        _report.MadeFair += slot.Recorder.IsLeftUnvaried ? 1 : 0;
        _report.Decisions += slot.Recorder.DecisionCount;
        _report.Steps += slot.Recorder.StepCount;
        _report.Distinct += slot.IsNew ? 1 : 0;
        if (slot is { IsNew: true, CrashReport: { } crash })
        {
            _report.Leaves += crash.Leaves;
            _report.CrashStates += crash.States;
            _report.CrashSearchesCutShort += crash.IsComplete ? 0 : 1;
        }

        if (options.OnRun is { } onRun && !slot.End.IsRedundant && slot.Program is ScenarioProgram)
            onRun(new ScheduleRun(ScenarioProgram.HistoryOf(slot.End), slot.Recorder.Decisions(), slot.IsNew, slot.End.Failure));
        foreach (ScheduleFailure failure in slot.Failures)
        {
            if (_report.Add(failure, () => ScheduleOf(slot, failure.Kind)) is { } finding)
                options.OnFinding?.Invoke(finding);
        }

        source.Learn(slot.Strategy, slot.Recorder, slot.Footprints, slot.End);
        slot.LetGo();
    }

    private Schedule ScheduleOf(RunSlot slot, ScheduleFindingKind kind) => new()
    {
        Name = name,
        Scenario = scenario,
        Origin = source.Describe(slot.Strategy),
        Shows = kind.ToString(),
        Decisions = slot.Recorder.Decisions(),
        After = slot.Recorder.After(),
    };
}
