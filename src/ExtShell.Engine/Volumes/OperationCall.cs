using ExtShell.Engine.Inodes;
using ExtShell.Engine.IO;
using ExtShell.Format.OnDisk;

namespace ExtShell.Engine.Volumes;

/// <summary>One call of a volume or a file, with all that is needed to make it again.</summary>
/// <remarks>
/// Replaying a run: make the calls again in the order they were told, those of each <see cref="Thread"/> on a thread of its own where there
/// were several; map <see cref="Handle"/> to the handle that the replayed open or create with that result gave, and
/// <see cref="StartedCall"/> to the token that the replayed start gave. Fields that a kind does not use have their default.
/// </remarks>
public readonly record struct OperationCall
{
    /// <summary>Which call it is.</summary>
    public required OperationKind Kind { get; init; }

    /// <summary>The simulated thread that made it: its number, −1 for the outside caller.</summary>
    public int Thread { get; init; }

    /// <summary>
    /// The number of the handle that the call is made on, as the open or create answered it; numbers are given out from 1 in the order of
    /// opening.
    /// </summary>
    public int Handle { get; init; }

    /// <summary>
    /// The number of the mapping that the call is made on, as the map answered it; numbers are given out from 1 in the order of mapping.
    /// <see cref="Handle"/> is the handle that it was made by, open still or not.
    /// </summary>
    public int Mapping { get; init; }

    /// <summary>The inode that the handle is open on.</summary>
    public uint Inode { get; init; }

    /// <summary>The path; of a call on a handle: the path that it was opened by.</summary>
    public string? Path { get; init; }

    /// <summary>The second path: the new name of a link or rename.</summary>
    public string? NewPath { get; init; }

    /// <summary>The permissions of what is created, or of a chmod; of a mknod with the type.</summary>
    public InodeMode Permissions { get; init; }

    /// <summary>How the file is opened.</summary>
    public OpenOptions OpenOptions { get; init; }

    /// <summary>Who opens the file; what is written through the handle is written by that caller.</summary>
    public Caller Caller { get; init; }

    /// <summary>Of a change of attributes: whether a symbolic link at the path's end is followed.</summary>
    public bool FollowsLink { get; init; }

    /// <summary>The new owner; null keeps it.</summary>
    public uint? Owner { get; init; }

    /// <summary>The new group; null keeps it.</summary>
    public uint? Group { get; init; }

    /// <summary>What the time of the last access becomes.</summary>
    public NewTime Accessed { get; init; }

    /// <summary>What the time of the content's last change becomes.</summary>
    public NewTime Modified { get; init; }

    /// <summary>The path that a new symbolic link holds.</summary>
    public string? LinkTarget { get; init; }

    /// <summary>What a new device file stands for.</summary>
    public DeviceNumber Device { get; init; }

    /// <summary>The name of the extended attribute; its value is <see cref="Bytes"/>.</summary>
    public string? AttributeName { get; init; }

    /// <summary>What the setting of an extended attribute expects to find.</summary>
    public XattrMode AttributeMode { get; init; }

    /// <summary>Flags that a chattr adds.</summary>
    public InodeFlags AddedFlags { get; init; }

    /// <summary>Flags that a chattr takes away.</summary>
    public InodeFlags RemovedFlags { get; init; }

    /// <summary>How a rename treats what has the new name.</summary>
    public RenameOptions RenameOptions { get; init; }

    /// <summary>Where in the file, in bytes.</summary>
    public long OffsetBytes { get; init; }

    /// <summary>How much: of a read or fallocate, in bytes; of a truncate the new size.</summary>
    public long LengthBytes { get; init; }

    /// <summary>
    /// What is written. It is the caller's own memory and is valid during <see cref="IVolumeObserver.OnCall"/>, and of an asynchronous
    /// write until it is acknowledged: an observer that keeps it copies it. Of a read: the memory that it fills, which holds what was read
    /// when the read is acknowledged.
    /// </summary>
    public ReadOnlyMemory<byte> Bytes { get; init; }

    /// <summary>What the write promises: that of the call and that of the handle's open, the stronger of both.</summary>
    public SyncKind Sync { get; init; }

    /// <summary>
    /// Whether the write goes to the end of the file (O_APPEND); <see cref="IVolumeObserver.OnPlaced"/> tells where that was.
    /// </summary>
    public bool IsAppend { get; init; }

    /// <summary>Whether the write fails with EAGAIN rather than wait (RWF_NOWAIT).</summary>
    public bool IsNoWait { get; init; }

    /// <summary>What fallocate does to the range.</summary>
    public FallocateMode FallocateMode { get; init; }

    /// <summary>Whether fallocate leaves the size as it is (FALLOC_FL_KEEP_SIZE).</summary>
    public bool KeepSize { get; init; }

    /// <summary>Whether the sync is an fdatasync.</summary>
    public bool DataOnly { get; init; }

    /// <summary>Of a wait: the call that started the write.</summary>
    public int StartedCall { get; init; }

    /// <summary>Of a shutdown: how.</summary>
    public ShutdownKind Shutdown { get; init; }
}
