using ExtShell.Engine.Inodes;
using ExtShell.Engine.IO;
using ExtShell.Engine.Volumes;
using ExtShell.Format.OnDisk;

namespace ExtShell.Lab.Scenarios;

/// <summary>One operation of a scenario. Fields that a verb does not use have their default.</summary>
public sealed record Operation
{
    /// <summary>What it does.</summary>
    public required Verb Verb { get; init; }

    /// <summary>The open file it works on, by the name that the scenario gave it.</summary>
    public string File { get; init; } = "";

    /// <summary>The path.</summary>
    public string Path { get; init; } = "";

    /// <summary>The second path: the new name of a link or rename.</summary>
    public string NewPath { get; init; } = "";

    /// <summary>Where in the file, in bytes.</summary>
    public long OffsetBytes { get; init; }

    /// <summary>How much, in bytes; of a truncate the new size.</summary>
    public long LengthBytes { get; init; }

    /// <summary>What is written.</summary>
    public Payload? Payload { get; init; }

    /// <summary>What the write promises.</summary>
    public SyncKind Sync { get; init; }

    /// <summary>The injected event.</summary>
    public Injection? Injection { get; init; }

    /// <summary>How the volume is shut down.</summary>
    public ShutdownKind ShutdownKind { get; init; }

    /// <summary>Whether the write fails rather than wait.</summary>
    public bool NoWait { get; init; }

    /// <summary>Whether fallocate leaves the size as it is.</summary>
    public bool KeepSize { get; init; }

    /// <summary>How the file is opened.</summary>
    public OpenOptions OpenOptions { get; init; }

    /// <summary>Who opens the file, and writes through it.</summary>
    public Caller Caller { get; init; }

    /// <summary>The permissions.</summary>
    public InodeMode Permissions { get; init; }

    /// <summary>The new owner; null keeps it.</summary>
    public uint? Owner { get; init; }

    /// <summary>The new group; null keeps it.</summary>
    public uint? Group { get; init; }

    /// <summary>What the time of the last access becomes.</summary>
    public NewTime Accessed { get; init; }

    /// <summary>What the time of the content's last change becomes.</summary>
    public NewTime Modified { get; init; }

    /// <summary>The path that a new symbolic link holds.</summary>
    public string LinkTarget { get; init; } = "";

    /// <summary>What a new device file stands for.</summary>
    public DeviceNumber Device { get; init; }

    /// <summary>The name of an extended attribute; its value is <see cref="Payload"/>, of <see cref="LengthBytes"/>.</summary>
    public string AttributeName { get; init; } = "";

    /// <summary>Whether a symbolic link at the path's end is left unfollowed.</summary>
    public bool StaysOnLink { get; init; }

    /// <summary>Inode flags to add.</summary>
    public InodeFlags AddedFlags { get; init; }

    /// <summary>Inode flags to take away.</summary>
    public InodeFlags RemovedFlags { get; init; }

    /// <summary>The started write, by the name that the scenario gave it.</summary>
    public string Io { get; init; } = "";

    /// <summary>
    /// What the call may answer: counts and names of errors, divided by '|'; empty for whatever the ledger allows. Of an asynchronous
    /// write the wait for it answers. A stat answers facts, such as <c>mode=644 owner=0 size=4096</c>, of which those that are named must
    /// hold.
    /// </summary>
    public string Expected { get; init; } = "";

    /// <summary>The mapping, by the name that the scenario gave it.</summary>
    public string Mapping { get; init; } = "";

    /// <summary>Makes a file and opens it.</summary>
    public static Operation Create(string file, string path) => new() { Verb = Verb.Create, File = file, Path = path };

    /// <summary>Opens a file.</summary>
    public static Operation Open(string file, string path, OpenOptions options = OpenOptions.None) =>
        new() { Verb = Verb.Open, File = file, Path = path, OpenOptions = options };

    /// <summary>Closes a file.</summary>
    public static Operation Close(string file) => new() { Verb = Verb.Close, File = file };

    /// <summary>Makes a directory.</summary>
    public static Operation Mkdir(string path) => new() { Verb = Verb.Mkdir, Path = path };

    /// <summary>Removes an empty directory.</summary>
    public static Operation Rmdir(string path) => new() { Verb = Verb.Rmdir, Path = path };

    /// <summary>Gives a file a second name.</summary>
    public static Operation Link(string path, string newPath) => new() { Verb = Verb.Link, Path = path, NewPath = newPath };

    /// <summary>Removes a name.</summary>
    public static Operation Unlink(string path) => new() { Verb = Verb.Unlink, Path = path };

    /// <summary>Gives a file or directory another name.</summary>
    public static Operation Rename(string path, string newPath) => new() { Verb = Verb.Rename, Path = path, NewPath = newPath };

    /// <summary>Makes a symbolic link.</summary>
    public static Operation Symlink(string target, string path) => new() { Verb = Verb.Symlink, LinkTarget = target, Path = path };

    /// <summary>Makes a fifo, socket or device.</summary>
    public static Operation Mknod(string path, InodeMode mode, DeviceNumber device = default) =>
        new() { Verb = Verb.Mknod, Path = path, Permissions = mode, Device = device };

    /// <summary>Sets an extended attribute.</summary>
    public static Operation SetXattr(string path, string name, long lengthBytes, Payload value) =>
        new() { Verb = Verb.SetXattr, Path = path, AttributeName = name, LengthBytes = lengthBytes, Payload = value };

    /// <summary>Takes an extended attribute away.</summary>
    public static Operation RemoveXattr(string path, string name) =>
        new() { Verb = Verb.RemoveXattr, Path = path, AttributeName = name };

    /// <summary>Sets permissions.</summary>
    public static Operation Chmod(string path, InodeMode permissions) =>
        new() { Verb = Verb.Chmod, Path = path, Permissions = permissions & InodeMode.PermissionMask };

    /// <summary>Sets owner and group; what is null stays.</summary>
    public static Operation Chown(string path, uint? owner, uint? group) =>
        new() { Verb = Verb.Chown, Path = path, Owner = owner, Group = group };

    /// <summary>Sets the times of access and of content.</summary>
    public static Operation Utimes(string path, NewTime accessed, NewTime modified) =>
        new() { Verb = Verb.Utimes, Path = path, Accessed = accessed, Modified = modified };

    /// <summary>Adds inode flags, and takes flags away.</summary>
    public static Operation Chattr(string path, InodeFlags add, InodeFlags remove = InodeFlags.None) =>
        new() { Verb = Verb.Chattr, Path = path, AddedFlags = add, RemovedFlags = remove };

    /// <summary>Asks for mode, owner, size, flags and times.</summary>
    public static Operation Stat(string path, string expected = "") => new() { Verb = Verb.Stat, Path = path, Expected = expected };

    /// <summary>Writes around the page cache.</summary>
    public static Operation WriteDirect(string file, long offsetBytes, long lengthBytes, Payload payload, SyncKind sync = SyncKind.None) =>
        new()
        {
            Verb = Verb.WriteDirect, File = file, OffsetBytes = offsetBytes, LengthBytes = lengthBytes, Payload = payload, Sync = sync,
        };

    /// <summary>Submits a direct write.</summary>
    public static Operation StartDirect(
        string io, string file, long offsetBytes, long lengthBytes, Payload payload, SyncKind sync = SyncKind.None) =>
        new()
        {
            Verb = Verb.StartDirect, Io = io, File = file, OffsetBytes = offsetBytes, LengthBytes = lengthBytes, Payload = payload,
            Sync = sync,
        };

    /// <summary>Waits for a started write.</summary>
    public static Operation WaitDirect(string io, string file) => new() { Verb = Verb.WaitDirect, Io = io, File = file };

    /// <summary>Reads around the page cache.</summary>
    public static Operation ReadDirect(string file, long offsetBytes, long lengthBytes) =>
        new() { Verb = Verb.ReadDirect, File = file, OffsetBytes = offsetBytes, LengthBytes = lengthBytes };

    /// <summary>Writes to the page cache.</summary>
    public static Operation WriteBuffered(
        string file, long offsetBytes, long lengthBytes, Payload payload, SyncKind sync = SyncKind.None) =>
        new()
        {
            Verb = Verb.WriteBuffered, File = file, OffsetBytes = offsetBytes, LengthBytes = lengthBytes, Payload = payload, Sync = sync,
        };

    /// <summary>Reads through the page cache.</summary>
    public static Operation ReadBuffered(string file, long offsetBytes, long lengthBytes) =>
        new() { Verb = Verb.ReadBuffered, File = file, OffsetBytes = offsetBytes, LengthBytes = lengthBytes };

    /// <summary>Maps a range of a file into memory.</summary>
    public static Operation Map(string mapping, string file, long offsetBytes, long lengthBytes) =>
        new() { Verb = Verb.Map, Mapping = mapping, File = file, OffsetBytes = offsetBytes, LengthBytes = lengthBytes };

    /// <summary>Loads from a mapping; the offset is the file's.</summary>
    public static Operation MapRead(string mapping, long offsetBytes, long lengthBytes) =>
        new() { Verb = Verb.MapRead, Mapping = mapping, OffsetBytes = offsetBytes, LengthBytes = lengthBytes };

    /// <summary>Stores into a mapping; the offset is the file's.</summary>
    public static Operation MapWrite(string mapping, long offsetBytes, long lengthBytes, Payload payload) =>
        new() { Verb = Verb.MapWrite, Mapping = mapping, OffsetBytes = offsetBytes, LengthBytes = lengthBytes, Payload = payload };

    /// <summary>msync of a range of a mapping; the offset is the file's.</summary>
    public static Operation MapSync(string mapping, long offsetBytes, long lengthBytes) =>
        new() { Verb = Verb.MapSync, Mapping = mapping, OffsetBytes = offsetBytes, LengthBytes = lengthBytes };

    /// <summary>Takes a mapping away.</summary>
    public static Operation Unmap(string mapping) => new() { Verb = Verb.Unmap, Mapping = mapping };

    /// <summary>Reserves blocks.</summary>
    public static Operation Fallocate(string file, long offsetBytes, long lengthBytes, bool keepSize = false) =>
        new() { Verb = Verb.Fallocate, File = file, OffsetBytes = offsetBytes, LengthBytes = lengthBytes, KeepSize = keepSize };

    /// <summary>Frees a range.</summary>
    public static Operation PunchHole(string file, long offsetBytes, long lengthBytes) =>
        new() { Verb = Verb.PunchHole, File = file, OffsetBytes = offsetBytes, LengthBytes = lengthBytes };

    /// <summary>Makes a range read as zeroes, allocated.</summary>
    public static Operation ZeroRange(string file, long offsetBytes, long lengthBytes, bool keepSize = false) =>
        new() { Verb = Verb.ZeroRange, File = file, OffsetBytes = offsetBytes, LengthBytes = lengthBytes, KeepSize = keepSize };

    /// <summary>Takes a range out of the file.</summary>
    public static Operation CollapseRange(string file, long offsetBytes, long lengthBytes) =>
        new() { Verb = Verb.CollapseRange, File = file, OffsetBytes = offsetBytes, LengthBytes = lengthBytes };

    /// <summary>Puts a range into the file.</summary>
    public static Operation InsertRange(string file, long offsetBytes, long lengthBytes) =>
        new() { Verb = Verb.InsertRange, File = file, OffsetBytes = offsetBytes, LengthBytes = lengthBytes };

    /// <summary>Sets the size.</summary>
    public static Operation Truncate(string file, long sizeBytes) => new() { Verb = Verb.Truncate, File = file, LengthBytes = sizeBytes };

    /// <summary>fsync, or fdatasync.</summary>
    public static Operation Fsync(string file, bool dataOnly = false) =>
        new() { Verb = dataOnly ? Verb.Fdatasync : Verb.Fsync, File = file };

    /// <summary>Makes something fail.</summary>
    public static Operation Inject(Injection injection) => new() { Verb = Verb.Inject, Injection = injection };

    /// <summary>Writes dirty pages back, as the kernel does by itself.</summary>
    public static Operation WriteBack() => new() { Verb = Verb.WriteBack };

    /// <summary>Commits the running transaction, as the journal does by itself.</summary>
    public static Operation Commit() => new() { Verb = Verb.Commit };

    /// <summary>Drops what memory pressure would.</summary>
    public static Operation DropCaches() => new() { Verb = Verb.DropCaches };

    /// <summary>Shuts the volume down at once.</summary>
    public static Operation Shutdown(ShutdownKind kind) => new() { Verb = Verb.Shutdown, ShutdownKind = kind };

    /// <summary>Syncs the volume.</summary>
    public static Operation SyncVolume() => new() { Verb = Verb.Sync };

    /// <summary>Lets every I/O in flight end.</summary>
    public static Operation Settle() => new() { Verb = Verb.Settle };

    /// <summary>The operation as a line of a scenario's text.</summary>
    public override string ToString() => OperationText.Write(this);
}
