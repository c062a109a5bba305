using System.Globalization;
using ExtShell.Engine.Kernel;

namespace ExtShell.Lab.Scheduling;

/// <summary>
/// Who a choice is about: a thread, by its number (−1 for the call from outside), or the end of an I/O, by its number on its
/// device.
/// </summary>
/// <param name="IsInterrupt">Whether it is the end of an I/O.</param>
/// <param name="Id">The number.</param>
public readonly record struct ScheduleActor(bool IsInterrupt, int Id)
{
    /// <summary>Who the choice is about.</summary>
    public static ScheduleActor Of(in Choice choice) => new(choice.IsInterrupt, choice.Id);

    /// <summary>As schedules are written: <c>t3</c>, <c>io7</c>, <c>caller</c>.</summary>
    public override string ToString() =>
        IsInterrupt ? "io" + Id.ToString(CultureInfo.InvariantCulture) : Id < 0 ? "caller"
            : "t" + Id.ToString(CultureInfo.InvariantCulture);

    internal static bool TryParse(string text, out ScheduleActor actor)
    {
        actor = new ScheduleActor(false, -1);
        if (text == "caller")
            return true;
        bool isInterrupt = text.StartsWith("io", StringComparison.Ordinal);
        if (!isInterrupt && !text.StartsWith('t'))
            return false;
        bool isNumber = int.TryParse(text.AsSpan(isInterrupt ? 2 : 1), NumberStyles.None, CultureInfo.InvariantCulture, out int id);
        actor = new ScheduleActor(isInterrupt, id);
        return isNumber;
    }
}
