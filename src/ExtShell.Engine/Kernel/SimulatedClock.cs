namespace ExtShell.Engine.Kernel;

/// <summary>Simulated time: moves only when the machine says so, so that a run is a function of its inputs.</summary>
public sealed class SimulatedClock
{
    /// <summary>Where every clock begins: 2025-01-01 00:00:00 UTC.</summary>
    public const long StartSeconds = 1_735_689_600;

    /// <summary>Nanoseconds since 1970-01-01 UTC.</summary>
    public long NowNanoseconds { get; private set; } = StartSeconds * 1_000_000_000;

    /// <summary>Whole seconds since 1970-01-01 UTC.</summary>
    public long NowSeconds => NowNanoseconds / 1_000_000_000;

    /// <summary>Moves time on.</summary>
    public void Advance(long nanoseconds) => NowNanoseconds += nanoseconds;
}
