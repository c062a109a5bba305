using ExtShell.Format.Errors;
using ExtShell.Format.OnDisk;

namespace ExtShell.Engine.Inodes;

/// <summary>Who makes a call: a user in one group. Root, the default, may do everything and keeps what it writes as it is.</summary>
/// <param name="UserId">The user's id; 0 is root.</param>
/// <param name="GroupId">The id of the user's group.</param>
public readonly record struct Caller(uint UserId, uint GroupId)
{
    /// <summary>Root.</summary>
    public static Caller Root => default;

    /// <summary>The user that owns nothing: 65534, in the group of that number.</summary>
    public static Caller Nobody => new(65534, 65534);

    /// <summary>Whether it is root.</summary>
    public bool IsRoot => UserId == 0;

    /// <summary>Whether the permissions let it do so.</summary>
    /// <param name="inode">To what.</param>
    /// <param name="access">What, as bits of others.</param>
    public bool May(Inode inode, InodeMode access)
    {
        if (IsRoot)
            return true;
        inode.Touch(InodePart.Record, Kernel.AccessKind.Read);
        int shift = UserId == inode.Owner ? 6 : GroupId == inode.Group ? 3 : 0;
        return (((int)inode.Mode >> shift) & (int)access) == (int)access;
    }

    /// <summary>Throws unless the permissions let it do so.</summary>
    /// <exception cref="FileSystemException">EACCES.</exception>
    public void Require(Inode inode, InodeMode access, string operation, string path)
    {
        if (!May(inode, access))
            throw new FileSystemException(Errno.EACCES, $"{operation} {path}", $"the permissions do not let user {UserId} do that");
    }

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{UserId}:{GroupId}");
}
