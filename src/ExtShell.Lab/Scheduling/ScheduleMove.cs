using ExtShell.Engine.Kernel;

namespace ExtShell.Lab.Scheduling;

/// <summary>One thing that could happen next, as schedules record it.</summary>
/// <param name="Actor">Who goes on, or which I/O ends.</param>
/// <param name="Kind">What it is about to do.</param>
public readonly record struct ScheduleMove(ScheduleActor Actor, ScheduleStepKind Kind)
{
    /// <summary>What a choice would do.</summary>
    public static ScheduleMove Of(in Choice choice) => new(ScheduleActor.Of(choice), KindOf(choice));

    /// <summary>As schedules are written: <c>t3:lock</c>, <c>io7:end</c>.</summary>
    public override string ToString() => $"{Actor}:{Word(Kind)}";

    internal static bool TryParse(string text, out ScheduleMove move)
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        move = default;
        if (colon < 0 || !ScheduleActor.TryParse(text[..colon], out ScheduleActor actor))
            return false;
        foreach (ScheduleStepKind kind in Enum.GetValues<ScheduleStepKind>())
        {
            if (text.AsSpan(colon + 1).SequenceEqual(Word(kind)))
            {
                move = new ScheduleMove(actor, kind);
                return true;
            }
        }

        return false;
    }

    private static ScheduleStepKind KindOf(in Choice choice)
    {
        if (choice.Thread is not { } thread)
            return ScheduleStepKind.End;
        return thread.WaitingFor is { } waited ? ScheduleStepKind.Lock + (byte)waited.Kind : ScheduleStepKind.Start;
    }

    private static string Word(ScheduleStepKind kind) => kind switch
    {
        ScheduleStepKind.Start => "start",
        ScheduleStepKind.End => "end",
        ScheduleStepKind.Lock => "lock",
        ScheduleStepKind.Handle => "handle",
        ScheduleStepKind.DataIo => "data",
        ScheduleStepKind.Commit => "commit",
        ScheduleStepKind.WorkQueue => "work",
        ScheduleStepKind.Event => "event",
        _ => "yield",
    };
}
