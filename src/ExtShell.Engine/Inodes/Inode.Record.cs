using ExtShell.Engine.Kernel;
using ExtShell.Format.OnDisk;

namespace ExtShell.Engine.Inodes;

/// <content>What the stored inode says; whoever changes it calls <see cref="MarkDirty"/> (3).</content>
public sealed partial class Inode
{
    /// <summary>How far inodes' times move at once: 250 ticks a second.</summary>
    public const long TickNanoseconds = 4_000_000;

    /// <summary>Type and permissions.</summary>
    public InodeMode Mode
    {
        get => Record.Mode;
        set => Record.Mode = value;
    }

    /// <summary>The type bits of the mode.</summary>
    public InodeMode Type => Record.Type;

    /// <summary>Whether it is a directory.</summary>
    public bool IsDirectory => Record.IsDirectory;

    /// <summary>Whether it is a regular file.</summary>
    public bool IsRegular => Record.IsRegular;

    /// <summary>Whether it is a symbolic link.</summary>
    public bool IsSymbolicLink => Record.IsSymbolicLink;

    /// <summary>Whether it is a character or block device.</summary>
    public bool IsDevice => Record.Type is InodeMode.CharacterDevice or InodeMode.BlockDevice;

    /// <summary>How many names it has; a directory that has too many subdirectories to count says 1.</summary>
    public int LinksCount
    {
        get => Record.LinksCount;
        set => Record.LinksCount = checked((ushort)value);
    }

    /// <summary>The owner's id.</summary>
    public uint Owner
    {
        get => Record.Uid;
        set => Record.Uid = value;
    }

    /// <summary>The group's id.</summary>
    public uint Group
    {
        get => Record.Gid;
        set => Record.Gid = value;
    }

    /// <summary>The flags.</summary>
    public InodeFlags Flags
    {
        get => Record.Flags;
        set => Record.Flags = value;
    }

    /// <summary>Whether every change of it is to be durable before it returns (<c>chattr +S</c>, and <c>+D</c> for directories).</summary>
    public bool IsSynchronous => (Flags & (InodeFlags.Synchronous | (IsDirectory ? InodeFlags.DirectorySync : InodeFlags.None))) != 0;

    /// <summary>Last access.</summary>
    public Timestamp AccessTime
    {
        get => Record.AccessTime;
        set => Record.AccessTime = value;
    }

    /// <summary>Last change of the content.</summary>
    public Timestamp ModifyTime
    {
        get => Record.ModifyTime;
        set => Record.ModifyTime = value;
    }

    /// <summary>Last change of the inode.</summary>
    public Timestamp ChangeTime
    {
        get => Record.ChangeTime;
        set => Record.ChangeTime = value;
    }

    /// <summary>When it was made; 1970 where the inode has no room for it.</summary>
    public Timestamp CreationTime => Record.CreationTime;

    /// <summary>The block of extended attributes; 0 for none.</summary>
    public long AttributeBlock
    {
        get => Record.FileAcl;
        internal set => Record.FileAcl = value;
    }

    /// <summary>Whether it is mapped by an extent tree rather than a block map.</summary>
    public bool HasExtents => (Record.Flags & InodeFlags.Extents) != 0;

    /// <inheritdoc/>
    public Span<byte> Root => Record.Block;

    internal ref InodeRecord Record => ref InodeRecord.View(_record);

    /// <summary>The room for attributes behind the fields that are in use; empty where there is none.</summary>
    internal Span<byte> AttributeBytes
    {
        get
        {
            int begin = InodeRecord.ShortSizeBytes + Record.ExtraSize.Value;
            int end = _context.Geometry.InodeSizeBytes;
            return end > InodeRecord.ShortSizeBytes && begin > InodeRecord.ShortSizeBytes && begin < end
                ? _record.AsSpan(begin..end)
                : default;
        }
    }

    /// <summary>
    /// The time now, in ticks of <see cref="TickNanoseconds"/> as Linux's coarse clock has it: within one tick a file that is written again
    /// needs no new times, and so no transaction. In inodes of 128 bytes times are whole seconds, up to 2038.
    /// </summary>
    public Timestamp Now()
    {
        Timestamp now = TimeNow(_context.Machine);
        return _context.Geometry.InodeSizeBytes > InodeRecord.ShortSizeBytes ? now : Timestamp.Decode(now.EncodeShort());
    }

    internal static Timestamp TimeNow(Machine machine)
    {
        long now = machine.Clock.NowNanoseconds;
        (long seconds, long nanoseconds) = Math.DivRem(now - (now % TickNanoseconds), 1_000_000_000);
        return nanoseconds < 0
            ? new Timestamp(seconds - 1, (uint)(nanoseconds + 1_000_000_000))
            : new Timestamp(seconds, (uint)nanoseconds);
    }
}
