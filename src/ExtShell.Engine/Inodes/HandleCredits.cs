using ExtShell.Engine.Journal;

namespace ExtShell.Engine.Inodes;

/// <summary>Keeping a handle of unbounded work in credits.</summary>
internal static class HandleCredits
{
    /// <summary>
    /// Makes sure of so many credits: by extending the handle, or by restarting it, so that what was done so far may commit alone. The
    /// caller holds no mapping lock.
    /// </summary>
    public static async ValueTask EnsureCreditsAsync(this Handle handle, int credits)
    {
        if (handle.CreditsLeft < credits && !handle.TryExtend(credits - handle.CreditsLeft))
            await handle.RestartAsync(credits);
    }
}
