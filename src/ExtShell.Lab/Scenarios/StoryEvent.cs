namespace ExtShell.Lab.Scenarios;

/// <summary>What happened at one moment of a story.</summary>
public enum StoryEvent
{
    /// <summary>A caller made a call.</summary>
    Call,

    /// <summary>A call returned, or its completion was delivered.</summary>
    Acknowledged,

    /// <summary>The device was given a write.</summary>
    Submitted,

    /// <summary>The device ended a write, perhaps just after it was given it: it is in the cache.</summary>
    Ended,

    /// <summary>The device was asked to flush.</summary>
    FlushSubmitted,

    /// <summary>A flush ended: what had ended before it was asked for is durable.</summary>
    FlushEnded,

    /// <summary>Events were left out of a long story.</summary>
    Omitted,

    /// <summary>The power fails.</summary>
    Cut,
}
