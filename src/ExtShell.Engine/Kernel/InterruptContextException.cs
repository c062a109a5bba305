namespace ExtShell.Engine.Kernel;

/// <summary>Code that ran in interrupt context tried to wait.</summary>
public sealed class InterruptContextException : Exception
{
    internal InterruptContextException(string waitedFor)
        : base($"waiting in interrupt context for {waitedFor}") => WaitedFor = waitedFor;

    /// <summary>What it would have waited for.</summary>
    public string WaitedFor { get; }
}
