namespace ExtShell.Lab.Durability;

/// <summary>When something happened in a run, on its two axes.</summary>
/// <param name="Position">The write log's position then: the cut at this position comes after it.</param>
/// <param name="Sequence">Its number among all calls, returns and acknowledgements of the run: what orders them where the position does
/// not.</param>
public readonly record struct Moment(int Position, int Sequence)
{
    /// <summary>It has not happened.</summary>
    public static Moment Never => new(int.MaxValue, int.MaxValue);

    /// <summary>Whether it has not happened.</summary>
    public bool IsNever => Sequence == int.MaxValue;

    /// <summary>Whether it happened before <paramref name="other"/>.</summary>
    public bool IsBefore(Moment other) => Sequence < other.Sequence;
}
