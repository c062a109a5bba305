namespace ExtShell.Lab.Scheduling;

/// <summary>One decision of a schedule that was walked, with what it did.</summary>
/// <param name="Number">The number of the decision, from 1.</param>
/// <param name="Actor">Who went on.</param>
/// <param name="Text">What it was about to do, in words.</param>
/// <param name="Others">Who could have gone on instead, in words.</param>
/// <param name="Position">How many events of the device came before.</param>
/// <param name="LastCall">The number of the newest call that had been made.</param>
public sealed record ScheduleStep(int Number, ScheduleActor Actor, string Text, IReadOnlyList<string> Others, int Position, int LastCall)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Number}: {Text}";
}
