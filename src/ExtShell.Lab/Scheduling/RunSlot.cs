using ExtShell.Engine.Kernel;
using ExtShell.Lab.Crash;

namespace ExtShell.Lab.Scheduling;

/// <summary>Where one run of a batch is made; used again in the next batch.</summary>
internal sealed class RunSlot(IScheduleProgram program, ScheduleOptions options, bool needsFootprints)
{
    private readonly FootprintLog? _footprints = needsFootprints ? new FootprintLog() : null;

    public IScheduleProgram Program => program;

    public RunRecorder Recorder { get; } = new();

    public FootprintLog? Footprints => _footprints;

    public List<ScheduleFailure> Failures { get; } = [];

    public IScheduleStrategy Strategy { get; private set; } = null!;

    public ProgramEnd End { get; private set; }

    /// <summary>Whether the run's end is the first of its kind.</summary>
    public bool IsNew { get; set; }

    /// <summary>Whether what the run left on the volume is the first of its kind.</summary>
    public bool IsVolumeNew { get; set; }

    public CrashReport? CrashReport => (program as ScenarioProgram)?.CrashReport;

    /// <summary>Lets go of the run's machine.</summary>
    public void LetGo()
    {
        End = default;
        program.LetGo(isKept: Failures.Count > 0);
    }

    public void Assign(IScheduleStrategy strategy) => Strategy = strategy;

    public void Run()
    {
        Failures.Clear();
        Recorder.Begin(Strategy, options, _footprints);
        End = program.Run(Recorder, Failures);
        if (End.Failure is { } failure and not RunEndedException and not ReplayDivergedException)
            Failures.Add(ScheduleFailures.Of(failure));
    }

    public void Judge()
    {
        if (IsNew && End.Failure is null)
            program.Judge(End, IsVolumeNew, Failures);
    }
}
