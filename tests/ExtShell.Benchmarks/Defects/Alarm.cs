using ExtShell.Engine.Kernel;

namespace ExtShell.TestTools.Defects;

/// <summary>Rings at a time of the simulated clock, once for each time it is set.</summary>
public sealed class Alarm : IInterruptSource
{
    private readonly WaitCondition _rang;

    /// <summary>Makes it; it is not set.</summary>
    public Alarm(Machine machine)
    {
        _rang = new WaitCondition(machine, WaitKind.Event, "the alarm", () => PendingCount == 0);
        machine.AddInterruptSource(this);
    }

    /// <summary>When it rings.</summary>
    public long AtNanoseconds { get; private set; }

    /// <inheritdoc/>
    public int PendingCount { get; private set; }

    /// <summary>Sets it.</summary>
    public void Set(long atNanoseconds) => (AtNanoseconds, PendingCount) = (atNanoseconds, 1);

    /// <inheritdoc/>
    public int PendingId(int index) => 0;

    /// <inheritdoc/>
    public string DescribePending(int index) => "the alarm rings";

    /// <inheritdoc/>
    public void Fire(int index) => PendingCount = 0;

    /// <summary>Waits until it has rung.</summary>
    public Wait WaitAsync() => _rang.WaitAsync();
}
