namespace ExtShell.Engine.Volumes;

/// <summary>What a commit, or an fsync, asks of a device with a volatile cache.</summary>
public enum BarrierMode
{
    /// <summary>A flush: what had completed before it is durable after it.</summary>
    Flush = 0,
    /// <summary>A flush that waits also for what is queued, as barriers did in 2009.</summary>
    Drain = 1,
    /// <summary>Nothing (<c>nobarrier</c>): the device's cache persists what it wants, in the order it wants.</summary>
    Ignored = 2,
}
