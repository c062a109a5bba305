using ExtShell.Engine.Kernel;

namespace ExtShell.Lab.Scheduling;

/// <summary>Where a search gets its schedules from.</summary>
internal interface IScheduleSource
{
    /// <summary>Whether a run's footprints are wanted.</summary>
    bool NeedsFootprints { get; }

    /// <summary>The strategy of the next run; null if there is none, or none before what was handed out has been learnt from.</summary>
    IScheduleStrategy? Next();

    /// <summary>A run is over. Told in the order in which the strategies were handed out.</summary>
    void Learn(IScheduleStrategy strategy, RunRecorder recorder, FootprintLog? footprints, in ProgramEnd end);

    /// <summary>Whether <see cref="Next"/> has nothing more to hand out because all was seen.</summary>
    bool IsExhausted { get; }

    /// <summary>What chose the schedule, in words.</summary>
    string Describe(IScheduleStrategy strategy);
}
