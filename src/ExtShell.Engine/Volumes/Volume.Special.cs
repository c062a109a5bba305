using ExtShell.Engine.Inodes;
using ExtShell.Engine.IO;
using ExtShell.Format.Errors;
using ExtShell.Format.OnDisk;

namespace ExtShell.Engine.Volumes;

public sealed partial class Volume
{
    /// <summary>Makes a symbolic link at <paramref name="path"/> that holds <paramref name="target"/>, where nothing need be.</summary>
    /// <exception cref="FileSystemException">ENOENT: the target is empty; ENAMETOOLONG: it is longer than a block less one; EEXIST,
    /// ENOSPC…</exception>
    public void Symlink(string target, string path) => Machine.Run(() => SymlinkAsync(target, path));

    /// <summary><see cref="Symlink"/> for a simulated thread.</summary>
    public ValueTask SymlinkAsync(string target, string path) => ChangeAsync(
        new OperationCall { Kind = OperationKind.Symlink, Path = path, LinkTarget = target },
        static (volume, call) => volume._parts.Names.MakeLinkAsync(call.LinkTarget!, call.Path!));

    /// <summary>mknod: makes a fifo, socket, character or block device, or an empty regular file.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="mode">Type and permissions.</param>
    /// <param name="device">What a device file stands for.</param>
    /// <exception cref="FileSystemException">EPERM: a directory; EINVAL: another type, or no such device number; EEXIST,
    /// ENOSPC…</exception>
    public void Mknod(string path, InodeMode mode, DeviceNumber device = default) => Machine.Run(() => MknodAsync(path, mode, device));

    /// <summary><see cref="Mknod"/> for a simulated thread.</summary>
    public ValueTask MknodAsync(string path, InodeMode mode, DeviceNumber device = default) => ChangeAsync(
        new OperationCall { Kind = OperationKind.Mknod, Path = path, Permissions = mode, Device = device },
        static (volume, call) => volume._parts.Names.MakeSpecialAsync(call.Path!, new NewInode(call.Permissions) { Device = call.Device }));

    /// <summary>setxattr: sets an extended attribute, <c>user.…</c>, <c>trusted.…</c> or <c>security.…</c>.</summary>
    /// <param name="path">The path.</param>
    /// <param name="name">The attribute's name, prefix included.</param>
    /// <param name="value">Its value; bytes.</param>
    /// <param name="mode">What is expected to be there.</param>
    /// <param name="followsLink">Whether a symbolic link at the path's end is followed.</param>
    /// <exception cref="FileSystemException">
    /// ERANGE: a name of 0 or over 255 bytes; E2BIG: over 64 KiB; EOPNOTSUPP: another prefix; EINVAL: nothing behind the prefix, or a
    /// security.capability that is none; EPERM: immutable, append-only, or user. on what is neither file nor directory; EEXIST, ENODATA: of
    /// the mode; ENOSPC: inode and attribute block have no room.
    /// </exception>
    public void SetXattr(string path, string name, ReadOnlyMemory<byte> value, XattrMode mode = XattrMode.Any, bool followsLink = true) =>
        Machine.Run(() => SetXattrAsync(path, name, value, mode, followsLink));

    /// <summary><see cref="SetXattr"/> for a simulated thread.</summary>
    public ValueTask SetXattrAsync(
        string path, string name, ReadOnlyMemory<byte> value, XattrMode mode = XattrMode.Any, bool followsLink = true) =>
        ChangeAttributesAsync(
            new OperationCall
            {
                Kind = OperationKind.SetXattr, Path = path, AttributeName = name, Bytes = value, AttributeMode = mode,
                FollowsLink = followsLink,
            },
            static (volume, inode, call) =>
                volume.Files.AttributeChange.SetXattrAsync(inode, call.AttributeName!, call.Bytes.ToArray(), call.AttributeMode));

    /// <summary>removexattr: takes an extended attribute away.</summary>
    /// <exception cref="FileSystemException">ENODATA: there is none of that name; else as <see cref="SetXattr"/>.</exception>
    public void RemoveXattr(string path, string name, bool followsLink = true) =>
        Machine.Run(() => RemoveXattrAsync(path, name, followsLink));

    /// <summary><see cref="RemoveXattr"/> for a simulated thread.</summary>
    public ValueTask RemoveXattrAsync(string path, string name, bool followsLink = true) => ChangeAttributesAsync(
        new OperationCall { Kind = OperationKind.RemoveXattr, Path = path, AttributeName = name, FollowsLink = followsLink },
        static (volume, inode, call) => volume.Files.AttributeChange.RemoveXattrAsync(inode, call.AttributeName!));

    /// <summary>getxattr: the value of an extended attribute.</summary>
    /// <exception cref="FileSystemException">ENODATA: there is none of that name; EOPNOTSUPP, EINVAL, ERANGE: it is no name;
    /// ENOENT…</exception>
    public byte[] GetXattr(string path, string name, bool followsLink = true) => Machine.Run(() => GetXattrAsync(path, name, followsLink));

    /// <summary><see cref="GetXattr"/> for a simulated thread.</summary>
    public ValueTask<byte[]> GetXattrAsync(string path, string name, bool followsLink = true)
    {
        AttributeName.CheckLength(name);
        return LookAsync(path, followsLink, inode => Files.AttributeChange.GetXattr(inode, name));
    }

    /// <summary>listxattr: the names of the extended attributes, those in the inode first.</summary>
    public IReadOnlyList<string> ListXattrs(string path, bool followsLink = true) => Machine.Run(() => ListXattrsAsync(path, followsLink));

    /// <summary><see cref="ListXattrs"/> for a simulated thread.</summary>
    public ValueTask<IReadOnlyList<string>> ListXattrsAsync(string path, bool followsLink = true) =>
        LookAsync(path, followsLink, Files.AttributeChange.ListXattrs);

    private async ValueTask<T> LookAsync<T>(string path, bool followsLink, Func<Inode, T> look)
    {
        RequireMounted(path);
        Inode inode = _parts.Names.Resolve(path, followsLink);
        try
        {
            return look(inode);
        }
        finally
        {
            await Inodes.ReleaseAsync(inode);
        }
    }

    private static void CheckAttribute(in OperationCall call)
    {
        if (call.AttributeName is null)
            return;
        AttributeName.CheckLength(call.AttributeName);
        if (call.Bytes.Length > AttributeChange.MaxValueBytes)
            throw new FileSystemException(Errno.E2BIG, call.Path!, $"a value has at most {AttributeChange.MaxValueBytes} bytes");
    }
}
