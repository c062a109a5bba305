using ExtShell.Engine.Kernel;

namespace ExtShell.Lab.Scheduling;

/// <summary>Runs a program of one's own.</summary>
internal sealed class MachineProgramRunner(MachineProgram program) : IScheduleProgram
{
    public string Name => program.Name;

    public ProgramEnd Run(RunRecorder recorder, List<ScheduleFailure> into)
    {
        var machine = new Machine(recorder);
        MachineProgramEnd end = program.Begin(machine);
        recorder.Activate(machine, null);
        Exception? failure = ProgramRuns.UntilQuiet(machine, () => HasEnded(machine));
        recorder.Deactivate(machine);
        var fingerprint = new Fingerprint();
        fingerprint.Add(failure?.Message ?? end.State());
        return new ProgramEnd(fingerprint.Value, default, end, failure);
    }

    public void Judge(ProgramEnd end, bool isVolumeNew, List<ScheduleFailure> into)
    {
        if (((MachineProgramEnd)end.State!).Objection() is { } objection)
            into.Add(new ScheduleFailure(ScheduleFindingKind.Custom, objection));
    }

    public void LetGo(bool isKept)
    {
    }

    /// <summary>Workers never end; callers must.</summary>
    private static bool HasEnded(Machine machine)
    {
        foreach (SimulatedThread thread in machine.Threads)
        {
            if (thread.Kind == ExecutionContextKind.Caller)
                return false;
        }

        return true;
    }
}
