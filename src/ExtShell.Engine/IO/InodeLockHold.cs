namespace ExtShell.Engine.IO;

/// <summary>How a write holds the inode lock.</summary>
public enum InodeLockHold
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>With others that change neither size nor mapping.</summary>
    Shared,

    /// <summary>Alone.</summary>
    Exclusive,
}
