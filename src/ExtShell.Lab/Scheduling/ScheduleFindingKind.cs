namespace ExtShell.Lab.Scheduling;

/// <summary>What a schedule showed.</summary>
public enum ScheduleFindingKind
{
    /// <summary>No thread can go on.</summary>
    Deadlock,

    /// <summary>Threads run for ever, however fairly they are picked, and no operation returns.</summary>
    Livelock,

    /// <summary>A thread waits for a lock that others take again and again.</summary>
    Starvation,

    /// <summary>Code waited in interrupt context.</summary>
    InterruptContext,

    /// <summary>An inode was used after the table had let go of it.</summary>
    EvictedInode,

    /// <summary>A reader saw bytes or an end of file that no legal order of the calls gives.</summary>
    WrongRead,

    /// <summary>When all was over, a file did not hold what its callers had been promised.</summary>
    LostUpdate,

    /// <summary>A call answered what no call may answer.</summary>
    UnexpectedResult,

    /// <summary>What the scenario itself promises (<c>expect=</c> of an operation, <c>hold</c>) does not hold.</summary>
    BrokenHold,

    /// <summary>The engine broke a rule of its own, or failed in a way that it should not.</summary>
    BrokenInvariant,

    /// <summary>The engine met damage on a volume that nothing had damaged.</summary>
    Corruption,

    /// <summary>A call failed with EIO or EUCLEAN though the device failed nothing.</summary>
    UnexpectedError,

    /// <summary>The checker found damage when all was over and synced.</summary>
    Inconsistent,

    /// <summary>A crash state of the schedule breaks a promise.</summary>
    BrokenPromise,

    /// <summary>What a program's own judge objects to.</summary>
    Custom,
}
