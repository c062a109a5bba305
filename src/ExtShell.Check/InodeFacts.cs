using ExtShell.Format.OnDisk;

namespace ExtShell.Check;

/// <summary>What an inode says of itself: the local facts, a function of its record and of the blocks of its map.</summary>
public sealed class InodeFacts
{
    /// <summary>The inode's number.</summary>
    public required uint Number { get; init; }

    /// <summary>Type and permissions.</summary>
    public InodeMode Mode { get; internal init; }

    /// <summary>The type alone; <see cref="FileType.Unknown"/> if the inode could not be read.</summary>
    public FileType Kind => DirectoryEntry.TypeOf(Mode);

    /// <summary>Size in bytes.</summary>
    public long SizeBytes { get; internal init; }

    /// <summary>Hard links, as the inode says.</summary>
    public int LinkCount { get; internal init; }

    /// <summary>Tells users of the same number apart.</summary>
    public uint Generation { get; internal init; }

    /// <summary>Whether the inode is an orphan: recovery will truncate it to its size, or delete it if it has no links.</summary>
    public bool IsOrphan { get; internal init; }

    /// <summary>Whether the inode's record could not be verified, so that nothing of it is known.</summary>
    public bool IsUnreadable { get; internal init; }

    /// <summary>Where its blocks are: by logical block, neighbours merged, what is not covered is a hole.</summary>
    public ReadOnlySpan<MappedRun> Runs => RunArray;

    /// <summary>The target of a symbolic link, or inline data of a file; empty for anything else.</summary>
    public ReadOnlySpan<byte> InlineBytes => InlineArray;

    internal MappedRun[] RunArray { get; init; } = [];

    internal byte[] InlineArray { get; init; } = [];
}
