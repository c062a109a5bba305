using System.Collections.Concurrent;
using ExtShell.Check;
using ExtShell.Engine.Devices;
using ExtShell.Engine.Kernel;
using ExtShell.Engine.Volumes;
using ExtShell.Format.Errors;
using ExtShell.Lab.Crash;
using ExtShell.Lab.Durability;
using ExtShell.Lab.Scenarios;

namespace ExtShell.Lab.Scheduling;

/// <summary>Runs a scenario under one schedule after the other, and judges what came of it.</summary>
/// <remarks>
/// (1) What is explored is the threads, and all that they began: it ends when no thread can go on and no I/O is pending.
/// (2) Then every file is read, by the first choice at every decision, and these reads are judged like any reader's: their callers
/// came after all others.
/// (3) A run is judged by what readers saw, by errors that no caller could expect, by its crash states, and by the checker, after
/// an unmount.
/// (4) The memory of a run is used again by the next one, unless something was found.
/// </remarks>
internal sealed class ScenarioProgram(PreparedScenario prepared, ScheduleOptions options, ConcurrentBag<CheckBase> bases) : IScheduleProgram
{
    private const int ReadBufferBytes = 1 << 16;
    private readonly IReadOnlyList<string> _paths = FinalReads.PathsOf(prepared.Scenario);
    private readonly byte[] _buffer = new byte[ReadBufferBytes];
    private RunMemory _memory = NewMemory(prepared.Scenario, options);

    public string Name => prepared.Scenario.Name;

    /// <summary>The leaves and states of the last judgement's crash exploration; null where there was none.</summary>
    public CrashReport? CrashReport { get; private set; }

    public ProgramEnd Run(RunRecorder recorder, List<ScheduleFailure> into)
    {
        ScenarioMachine machine = prepared.Begin(recorder, _memory);
        Func<bool> haveEnded = machine.SpawnThreads(prepared.Scenario);
        recorder.Narrator?.Begin(machine.History, machine.Disk.Log);
        recorder.Activate(machine.Machine, () => machine.History.EventCount);
        Exception? failure = ProgramRuns.UntilQuiet(machine.Machine, haveEnded); // (1)
        recorder.Deactivate(machine.Machine);
        int callsOfThreads = machine.History.Calls.Count;
        if (failure is null && options.ReadsFilesAtEnd)
            failure = ProgramRuns.Catch(() => FinalReads.Run(machine, _paths, _buffer)); // (2)
        UInt128 volume = failure is null ? RunFingerprint.OfVolume(machine) : default;
        UInt128 fingerprint = failure is null ? RunFingerprint.Of(machine, volume, options.ExploresCrashStates) : default;
        return new ProgramEnd(fingerprint, volume, new State(machine, callsOfThreads), failure);
    }

    public void Judge(ProgramEnd end, bool isVolumeNew, List<ScheduleFailure> into) // (3)
    {
        (ScenarioMachine machine, int callsOfThreads) = (State)end.State!;
        CrashReport = null;
        JudgeReads(machine, callsOfThreads, into);
        JudgeErrors(machine, into);
        if (options.ExploresCrashStates)
            JudgeCrashStates(machine, into);
        if (options.ChecksVolumeAtEnd && isVolumeNew)
            JudgeVolume(machine, into);
    }

    public void LetGo(bool isKept) // (4)
    {
        if (isKept)
            _memory = NewMemory(prepared.Scenario, options);
        else
            _memory.Arena?.Reset();
    }

    /// <summary>What is written in C#, and who is told of each run, may hold on to whatever they saw.</summary>
    private static RunMemory NewMemory(Scenario scenario, ScheduleOptions options) =>
        new(scenario.Bodies.Count == 0 && options.OnRun is null ? new ByteArena() : null);

    private static void JudgeReads(ScenarioMachine machine, int callsOfThreads, List<ScheduleFailure> into)
    {
        PromiseReader promises = PromiseReader.Read(machine.History);
        var judge = new RunJudge(promises, new ContentText(promises, machine.History));
        var violations = new List<Violation>();
        foreach (RecordedCall call in machine.History.LoggedCalls)
        {
            violations.Clear();
            judge.Judge(call, violations);
            ScheduleFindingKind seen = call.Id > callsOfThreads ? ScheduleFindingKind.LostUpdate : ScheduleFindingKind.WrongRead;
            foreach (Violation violation in violations)
            {
                ScheduleFindingKind kind = violation.Kind == ViolationKind.UnexpectedResult ? ScheduleFindingKind.UnexpectedResult : seen;
                into.Add(new ScheduleFailure(kind, violation.ToString()) { Violation = violation });
            }
        }

        violations.Clear();
        machine.Promises?.Judge(violations);
        foreach (Violation violation in violations)
            into.Add(new ScheduleFailure(ScheduleFindingKind.BrokenHold, violation.ToString()) { Violation = violation });
    }

    private static void JudgeErrors(ScenarioMachine machine, List<ScheduleFailure> into)
    {
        if (machine.Disk.FaultPlan is not null || machine.Volume.Faults.IsUsed || machine.Volume.IsShutDown)
            return;
        foreach (RecordedCall call in machine.History.LoggedCalls)
        {
            if (call.Error is Errno.EIO or Errno.EUCLEAN)
                into.Add(new ScheduleFailure(ScheduleFindingKind.UnexpectedError, $"{call}; the device failed nothing"));
        }
    }

    private void JudgeCrashStates(ScenarioMachine machine, List<ScheduleFailure> into)
    {
        WriteLog log = machine.Disk.Log!;
        CheckBase start = TakeBase(log);
        var explorer = new CrashExplorer(log, prepared.Scenario.Device, start);
        var explore = new ExploreOptions
        {
            MostLeaves = options.MostLeaves, Cancellation = options.Cancellation, ReportsWarnings = HoldsNoWarnings,
        };
        CrashReport = explorer.Explore(new Ledger(machine.History, prepared.Scenario.Mount), explore);
        bases.Add(start);
        foreach (CrashFinding finding in CrashReport.Findings)
            into.Add(new ScheduleFailure(ScheduleFindingKind.BrokenPromise, finding.ToString()) { Violation = finding.Violation,
                Crash = finding });
    }

    private void JudgeVolume(ScenarioMachine machine, List<ScheduleFailure> into)
    {
        Volume volume = machine.Volume;
        if (!volume.IsMounted || volume.IsShutDown)
            return;
        if (ProgramRuns.Catch(volume.Unmount) is { } failure)
        {
            into.Add(ScheduleFailures.Of(failure));
            return;
        }

        WriteLog log = machine.Disk.Log!;
        CheckBase start = TakeBase(log);
        CheckReport report = start.Judge(new StorageSource(machine.Disk.Storage), WrittenRanges.Of(log));
        bases.Add(start);
        foreach (Finding finding in report.Findings)
        {
            if (finding.Severity >= (HoldsNoWarnings ? FindingSeverity.Warning : FindingSeverity.Error))
                into.Add(new ScheduleFailure(ScheduleFindingKind.Inconsistent, finding.ToString()));
        }
    }

    private bool HoldsNoWarnings => prepared.Scenario.Holds.Contains(ScenarioPromise.NoWarnings);

    /// <summary>The write log of a run.</summary>
    public static WriteLog LogOf(in ProgramEnd end) => ((State)end.State!).Machine.Disk.Log!;

    /// <summary>The history of a run.</summary>
    public static History HistoryOf(in ProgramEnd end) => ((State)end.State!).Machine.History;

    /// <summary>The check of what all logs of the scenario begin with: runs differ only from there on.</summary>
    private CheckBase TakeBase(WriteLog log) => bases.TryTake(out CheckBase? known) ? known : CheckBase.Build(new StorageSource(log.Start));

    private sealed record State(ScenarioMachine Machine, int CallsOfThreads);
}
