namespace ExtShell.PowerShell.Binding;

/// <summary>The reports of the session's searches, the newest first: also of those that were stopped.</summary>
public static class SearchReports
{
    private const int MostKept = 32;
    private static readonly Lock Gate = new();
    private static readonly LinkedList<object> Kept = [];

    /// <summary>The reports, the newest first.</summary>
    public static IReadOnlyList<object> All
    {
        get
        {
            lock (Gate)
                return [.. Kept];
        }
    }

    /// <summary>Keeps a report.</summary>
    public static void Keep(object report)
    {
        lock (Gate)
        {
            Kept.AddFirst(report);
            if (Kept.Count > MostKept)
                Kept.RemoveLast();
        }
    }
}
