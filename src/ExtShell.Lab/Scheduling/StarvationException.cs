namespace ExtShell.Lab.Scheduling;

/// <summary>A thread waited for a lock that others took again and again.</summary>
public sealed class StarvationException : Exception
{
    internal StarvationException(string thread, string waitsFor, int overtakes)
        : base($"starvation: {thread} waits for {waitsFor}, which others took {overtakes} times meanwhile") => Thread = thread;

    /// <summary>The thread that waits.</summary>
    public string Thread { get; }
}
