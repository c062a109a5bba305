namespace ExtShell.Lab.Durability;

/// <summary>The axis on which a table counts: cuts (positions of the write log) or the run itself (sequence numbers).</summary>
internal sealed class TimeAxis
{
    private readonly bool _isRun;

    private TimeAxis(bool isRun) => _isRun = isRun;

    /// <summary>Cuts: a version ends where a newer one is durable by promise.</summary>
    public static TimeAxis Cuts { get; } = new(false);

    /// <summary>The run: a version ends where a newer one is acknowledged.</summary>
    public static TimeAxis Run { get; } = new(true);

    public int Start => _isRun ? -1 : 0;

    /// <summary>From when on a change may be seen.</summary>
    public int From(FileChange change) => _isRun ? change.Call.Called.Sequence : change.Call.Called.Position;

    /// <summary>From when on nothing older may be seen.</summary>
    public int Until(FileChange change) => !change.IsCertain ? int.MaxValue : _isRun ? change.Call.Acknowledged.Sequence : change.DurableAt;

    /// <summary>From when on the growth that a failed or short write left half done may not be seen any more.</summary>
    public int FailureOver(FileChange change) =>
        change.IsCertain ? int.MaxValue : _isRun ? change.Call.Acknowledged.Sequence : change.SettledAt;
}
