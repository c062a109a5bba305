using ExtShell.Engine.Inodes;
using ExtShell.Format.Errors;
using ExtShell.Format.OnDisk;

namespace ExtShell.Engine.Volumes;

public sealed partial class Volume
{
    /// <summary>chmod: sets permissions, set-ID bits and sticky bit; the type stays. Links are followed.</summary>
    /// <exception cref="FileSystemException">ENOENT, EROFS, EPERM (immutable or append-only)…</exception>
    public void Chmod(string path, InodeMode permissions) => Machine.Run(() => ChmodAsync(path, permissions));

    /// <summary><see cref="Chmod"/> for a simulated thread.</summary>
    public ValueTask ChmodAsync(string path, InodeMode permissions) => ChangeAttributesAsync(
        new OperationCall
        {
            Kind = OperationKind.Chmod, Path = path, Permissions = permissions & InodeMode.PermissionMask, FollowsLink = true,
        },
        static (volume, inode, call) => volume.Files.AttributeChange.SetModeAsync(inode, call.Permissions));

    /// <summary>chown, or lchown: sets owner and group, and takes set-ID bits and security.capability away.</summary>
    /// <param name="path">The path.</param>
    /// <param name="owner">The new owner's id; null keeps it.</param>
    /// <param name="group">The new group's id; null keeps it.</param>
    /// <param name="followsLink">Whether a symbolic link at the path's end is followed.</param>
    /// <exception cref="FileSystemException">ENOENT, EROFS, EPERM (immutable or append-only)…</exception>
    public void Chown(string path, uint? owner, uint? group, bool followsLink = true) =>
        Machine.Run(() => ChownAsync(path, owner, group, followsLink));

    /// <summary><see cref="Chown"/> for a simulated thread.</summary>
    public ValueTask ChownAsync(string path, uint? owner, uint? group, bool followsLink = true) => ChangeAttributesAsync(
        new OperationCall { Kind = OperationKind.Chown, Path = path, Owner = owner, Group = group, FollowsLink = followsLink },
        static (volume, inode, call) => volume.Files.AttributeChange.SetOwnerAsync(inode, call.Owner, call.Group));

    /// <summary>utimensat: sets the times of the last access and of the content's last change.</summary>
    /// <param name="path">The path.</param>
    /// <param name="accessed">The time of the last access.</param>
    /// <param name="modified">The time of the content's last change.</param>
    /// <param name="followsLink">Whether a symbolic link at the path's end is followed.</param>
    /// <exception cref="FileSystemException">ENOENT, EROFS, EPERM (immutable; append-only, unless both become now)…</exception>
    public void SetTimes(string path, NewTime accessed, NewTime modified, bool followsLink = true) =>
        Machine.Run(() => SetTimesAsync(path, accessed, modified, followsLink));

    /// <summary><see cref="SetTimes"/> for a simulated thread.</summary>
    public ValueTask SetTimesAsync(string path, NewTime accessed, NewTime modified, bool followsLink = true) => ChangeAttributesAsync(
        new OperationCall
        {
            Kind = OperationKind.SetTimes, Path = path, Accessed = accessed, Modified = modified, FollowsLink = followsLink,
        },
        static (volume, inode, call) => volume.Files.AttributeChange.SetTimesAsync(inode, call.Accessed, call.Modified));

    /// <summary>chattr: adds inode flags and takes them away. Links are followed.</summary>
    /// <exception cref="FileSystemException">
    /// EOPNOTSUPP: a flag that users may not set, that this type of file does not have, or that ExtShell cannot change
    /// (see <see cref="IO.AttributeChange"/>); EPERM: the file is immutable, and stays so; ENOENT, EROFS…
    /// </exception>
    public void Chattr(string path, InodeFlags add, InodeFlags remove = InodeFlags.None) =>
        Machine.Run(() => ChattrAsync(path, add, remove));

    /// <summary><see cref="Chattr"/> for a simulated thread.</summary>
    public ValueTask ChattrAsync(string path, InodeFlags add, InodeFlags remove = InodeFlags.None) => ChangeAttributesAsync(
        new OperationCall { Kind = OperationKind.Chattr, Path = path, AddedFlags = add, RemovedFlags = remove, FollowsLink = true },
        static (volume, inode, call) => volume.Files.AttributeChange.ChangeFlagsAsync(inode, call.AddedFlags, call.RemovedFlags));

    private ValueTask ChangeAttributesAsync(OperationCall call, Func<Volume, Inode, OperationCall, ValueTask> change) =>
        ChangeAsync(call, async (volume, made) =>
        {
            CheckAttribute(made);
            Inode inode = volume._parts.Names.Resolve(made.Path!, made.FollowsLink);
            try
            {
                await change(volume, inode, made);
            }
            finally
            {
                await volume.Inodes.ReleaseAsync(inode);
            }
        });
}
