namespace ExtShell.Engine.Inodes;

/// <summary>An inode was used after the table had let go of it: its user kept it over a wait without a reference.</summary>
public sealed class EvictedInodeException : Exception
{
    internal EvictedInodeException(uint inode, string user, string use)
        : base($"inode {inode} was used after it had been evicted: {use} by {user}") => (Inode, User, Use) = (inode, user, use);

    /// <summary>The inode's number.</summary>
    public uint Inode { get; }

    /// <summary>Who used it: the thread, or the interrupt.</summary>
    public string User { get; }

    /// <summary>What it was used for.</summary>
    public string Use { get; }
}
