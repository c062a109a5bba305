namespace ExtShell.Lab.Durability;

/// <summary>What a path led to from a call on.</summary>
internal sealed class NameVersion
{
    /// <summary>What it leads to; null: nothing is there.</summary>
    public LedgerFile? Target { get; init; }

    /// <summary>The file whose name it was made or removed; null for what was there when the log began.</summary>
    public LedgerFile? Subject { get; init; }

    /// <summary>The call; null for what was there when the log began.</summary>
    public RecordedCall? Call { get; init; }

    /// <summary>Whether the caller was told that it is done.</summary>
    public bool IsCertain { get; init; } = true;

    /// <summary>The first cut from which it is promised.</summary>
    public int DurableAt { get; set; } = int.MaxValue;

    /// <summary>Which call made it durable.</summary>
    public RecordedCall? DurableBy { get; set; }

    /// <summary>By which rule.</summary>
    public int DurableRule { get; set; } = LedgerRules.NamesAfterSync;

    public int CalledPosition => Call?.Called.Position ?? 0;

    public int CalledSequence => Call?.Called.Sequence ?? -1;

    public bool IsBefore(NameVersion other) =>
        IsCertain && other.Call is not null && (Call is null || Call.IsBefore(other.Call));
}
