using ExtShell.Engine.Inodes;
using ExtShell.Engine.IO;
using ExtShell.Engine.Volumes;
using ExtShell.Format.OnDisk;

namespace ExtShell.Conformance.Tests.KernelCalls;

/// <summary>
/// One call, in terms that both the engine and the kernel understand. Fields that a kind does not use have their default.
/// </summary>
/// <param name="Kind">Which call it is.</param>
internal sealed record VolumeCall(CallKind Kind)
{
    /// <summary>The open file, by its number in a table of eight.</summary>
    public int Slot { get; init; }

    public string Path { get; init; } = "";

    public string NewPath { get; init; } = "";

    public OpenOptions Options { get; init; }

    public long Offset { get; init; }

    public long Length { get; init; }

    /// <summary>Whether a read or write goes around the page cache.</summary>
    public bool IsDirect { get; init; }

    public FallocateMode Mode { get; init; }

    public bool KeepSize { get; init; }

    /// <summary>Whether a write must not wait: RWF_NOWAIT.</summary>
    public bool IsNoWait { get; init; }

    /// <summary>Whether a write is synced: RWF_DSYNC, RWF_SYNC.</summary>
    public SyncKind Sync { get; init; }

    /// <summary>Whether a rename spares what has the new name: RENAME_NOREPLACE.</summary>
    public bool NoReplace { get; init; }

    /// <summary>Which of the writes in flight is started or waited for.</summary>
    public int Tag { get; init; }

    /// <summary>What a write writes begins with this and goes on by a fixed rule.</summary>
    public int Pattern { get; init; }

    public InodeMode Permissions { get; init; }

    public uint? Owner { get; init; }

    public uint? Group { get; init; }

    public bool FollowsLink { get; init; }

    public NewTime Accessed { get; init; }

    public NewTime Modified { get; init; }

    public InodeFlags AddedFlags { get; init; }

    public InodeFlags RemovedFlags { get; init; }

    public string Target { get; init; } = "";

    public DeviceNumber Device { get; init; }

    public string Attribute { get; init; } = "";

    public XattrMode AttributeMode { get; init; }

    /// <summary>
    /// The value of an extended attribute: of that of capabilities something that the kernel takes, where its length is theirs.
    /// </summary>
    public byte[] AttributeValue()
    {
        byte[] value = Bytes();
        if (Attribute == "security.capability" && value.Length == 20)
            (value[0], value[1], value[2], value[3]) = (1, 0, 0, 2);
        return value;
    }

    /// <summary>What matters of it.</summary>
    public override string ToString()
    {
        string range = FormattableString.Invariant(
            $"#{Slot} {Offset}+{Length}{(IsDirect ? " direct" : "")}{(IsNoWait ? " nowait" : "")}{(KeepSize ? " keep size" : "")}");
        return Kind switch
        {
            CallKind.Open => $"Open #{Slot} {Path} {Options}",
            CallKind.Write or CallKind.Read => $"{Kind} {range} {Sync}",
            CallKind.Start => $"Start {Tag} {range} {Sync}",
            CallKind.Wait => $"Wait {Tag} #{Slot}",
            CallKind.Fallocate => $"{Mode} {range}",
            CallKind.Close or CallKind.Truncate or CallKind.Sync or CallKind.DataSync => $"{Kind} #{Slot} {Length}",
            > CallKind.Stat => $"{Kind} {Path} {Target}{Attribute} {Length} {Permissions} {Owner}:{Group} +{AddedFlags} -{RemovedFlags} "
                + $"{(FollowsLink ? "follows" : "")}",
            _ => $"{Kind} {Path} {NewPath}{(NoReplace ? " if there is none" : "")}",
        };
    }

    public byte[] Bytes()
    {
        var bytes = new byte[Length];
        new Random(Pattern).NextBytes(bytes);
        return bytes;
    }
}

/// <summary>The calls.</summary>
internal enum CallKind
{
    Open,
    Close,
    Write,
    /// <summary>Submits a direct write by AIO.</summary>
    Start,
    /// <summary>Waits for one that was submitted.</summary>
    Wait,
    Read,
    Fallocate,
    Truncate,
    Sync,
    DataSync,
    SyncVolume,
    Link,
    Unlink,
    Rename,
    Mkdir,
    Rmdir,
    Stat,
    Chmod,
    Chown,
    Utimes,
    Chattr,
    Symlink,
    Mknod,
    ReadLink,
    SetXattr,
    RemoveXattr,
    GetXattr,
    ListXattr,
    StatAll,
}
