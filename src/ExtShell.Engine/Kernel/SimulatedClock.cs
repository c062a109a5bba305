namespace ExtShell.Engine.Kernel;

/// <summary>Simulated time: moves only when the machine says so, so that a run is a function of its inputs.</summary>
public sealed class SimulatedClock
{
    /// <summary>Where a clock begins unless told: 2025-01-01 00:00:00 UTC.</summary>
    public const long DefaultStartSeconds = 1_735_689_600;

    /// <summary>Makes a clock.</summary>
    public SimulatedClock(long startSeconds = DefaultStartSeconds) => NowNanoseconds = startSeconds * 1_000_000_000;

    /// <summary>Nanoseconds since 1970-01-01 UTC.</summary>
    public long NowNanoseconds { get; private set; }

    /// <summary>Whole seconds since 1970-01-01 UTC.</summary>
    public long NowSeconds => NowNanoseconds / 1_000_000_000;

    /// <summary>Moves time on.</summary>
    public void Advance(long nanoseconds) => NowNanoseconds += nanoseconds;
}
