namespace ExtShell.Engine.Kernel;

/// <summary>What ends by itself while threads run: a device with I/O in flight. Each pending end is a choice of the schedule.</summary>
public interface IInterruptSource
{
    /// <summary>How many ends are pending.</summary>
    int PendingCount { get; }

    /// <summary>A number that names the pending end at <paramref name="index"/> in a trace: stable while it is pending.</summary>
    int PendingId(int index);

    /// <summary>What would end, for traces.</summary>
    string DescribePending(int index);

    /// <summary>Ends it: runs its callback in interrupt context.</summary>
    void Fire(int index);
}
