namespace ExtShell.Engine.Journal;

/// <summary>A transaction's number. Numbers wrap at 2³², so that "before" holds for two that are less than 2³¹ apart.</summary>
/// <param name="Sequence">The number as it stands in the log.</param>
public readonly record struct TransactionId(uint Sequence) : IComparable<TransactionId>
{
    /// <summary>The number after this one.</summary>
    public TransactionId Next => new(unchecked(Sequence + 1));

    /// <summary>The number before this one.</summary>
    public TransactionId Previous => new(unchecked(Sequence - 1));

    /// <inheritdoc/>
    public int CompareTo(TransactionId other) => unchecked((int)(Sequence - other.Sequence));

    /// <inheritdoc/>
    public override string ToString() => Sequence.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Whether the left one is older.</summary>
    public static bool operator <(TransactionId left, TransactionId right) => left.CompareTo(right) < 0;

    /// <summary>Whether the left one is newer.</summary>
    public static bool operator >(TransactionId left, TransactionId right) => left.CompareTo(right) > 0;

    /// <summary>Whether the left one is not newer.</summary>
    public static bool operator <=(TransactionId left, TransactionId right) => left.CompareTo(right) <= 0;

    /// <summary>Whether the left one is not older.</summary>
    public static bool operator >=(TransactionId left, TransactionId right) => left.CompareTo(right) >= 0;
}
