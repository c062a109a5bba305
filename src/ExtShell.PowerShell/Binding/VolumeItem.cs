using ExtShell.Engine.Volumes;

namespace ExtShell.PowerShell.Binding;

/// <summary>What is at a path of a volume: what stat(2) answers, with the path and the volume, so that it can be piped on.</summary>
public sealed class VolumeItem
{
    private readonly InodeStatus _status;

    private VolumeItem(Volume volume, string path, InodeStatus status) => (Volume, InnerPath, _status) = (volume, path, status);

    /// <summary>The volume.</summary>
    public Volume Volume { get; }

    /// <summary>
    /// The path inside the volume. It is not called Path, so that no cmdlet for the host's files takes it for one of theirs.
    /// </summary>
    public string InnerPath { get; }

    /// <summary>The last part of the path.</summary>
    public string Name => InnerPath == "/" ? "/" : InnerPath[(InnerPath.LastIndexOf('/') + 1)..];

    /// <summary>The type and the permissions, as <c>ls -l</c> shows them.</summary>
    public string Mode => ModeText.Of(_status.Mode);

    /// <summary>The type and the permissions as a number.</summary>
    public int ModeBits => (int)_status.Mode;

    /// <summary>The inode's number.</summary>
    public uint Inode => _status.Inode;

    /// <summary>How many names the inode has.</summary>
    public int Links => _status.Links;

    /// <summary>The owner's id.</summary>
    public uint Owner => _status.Owner;

    /// <summary>The group's id.</summary>
    public uint Group => _status.Group;

    /// <summary>The size, in bytes.</summary>
    public long Length => _status.SizeBytes;

    /// <summary>What is allocated to it, in bytes.</summary>
    public long AllocatedBytes => _status.AllocatedBytes;

    /// <summary>The last change of the content, UTC.</summary>
    public DateTime LastWriteTime => FromNanoseconds(_status.ModifiedUnixNanoseconds);

    /// <summary>The last access, UTC.</summary>
    public DateTime LastAccessTime => FromNanoseconds(_status.AccessedUnixNanoseconds);

    /// <summary>The last change of the inode, UTC.</summary>
    public DateTime ChangeTime => FromNanoseconds(_status.ChangedUnixNanoseconds);

    /// <summary>The inode's flags, as lsattr shows them.</summary>
    public Format.OnDisk.InodeFlags Flags => _status.Flags;

    /// <summary>The path that a symbolic link holds; null of anything else.</summary>
    public string? LinkTarget =>
        (_status.Mode & Format.OnDisk.InodeMode.TypeMask) == Format.OnDisk.InodeMode.SymbolicLink ? Volume.ReadLink(InnerPath) : null;

    /// <summary>Whether it is a directory.</summary>
    public bool PSIsContainer => _status.IsDirectory;

    /// <summary>All that stat(2) answers.</summary>
    public InodeStatus Status => _status;

    /// <summary>What is at a path.</summary>
    public static VolumeItem At(Volume volume, string path) =>
        new(volume, path.Length > 1 ? path.TrimEnd('/') : path, volume.Stat(path, followsLink: false));

    /// <summary>What is in a directory, by name.</summary>
    public static IEnumerable<VolumeItem> In(Volume volume, string path, bool recurses)
    {
        foreach (DirectoryItem item in volume.ReadDirectory(path).OrderBy(static item => item.Name, StringComparer.Ordinal))
        {
            VolumeItem found = At(volume, $"{path.TrimEnd('/')}/{item.Name}");
            yield return found;
            if (!recurses || !found.PSIsContainer)
                continue;
            foreach (VolumeItem below in In(volume, found.InnerPath, recurses))
                yield return below;
        }
    }

    /// <inheritdoc/>
    public override string ToString() => InnerPath;

    internal static DateTime FromNanoseconds(long unixNanoseconds) => DateTime.UnixEpoch.AddTicks(unixNanoseconds / 100);
}
