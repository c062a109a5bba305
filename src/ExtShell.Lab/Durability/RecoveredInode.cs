using ExtShell.Check;
using ExtShell.Format.OnDisk;

namespace ExtShell.Lab.Durability;

/// <summary>An inode after recovery.</summary>
/// <param name="number">Its number.</param>
/// <param name="isDirectory">Whether it is a directory.</param>
/// <param name="sizeBytes">Its size.</param>
/// <param name="linkCount">Its hard links, as it says itself.</param>
/// <param name="runs">Where its blocks are, by logical block; what is not covered is a hole.</param>
public readonly ref struct RecoveredInode(uint number, bool isDirectory, long sizeBytes, int linkCount, ReadOnlySpan<MappedRun> runs)
{
    /// <summary>Type and permissions.</summary>
    public InodeMode Mode { get; init; }

    /// <summary>The owner's id.</summary>
    public uint Owner { get; init; }

    /// <summary>The group's id.</summary>
    public uint Group { get; init; }

    /// <summary>Its flags.</summary>
    public InodeFlags Flags { get; init; }

    /// <summary>Its extended attributes; null where it has none.</summary>
    public IEnumerable<AttributeFacts>? Attributes { get; init; }

    /// <summary>Its number.</summary>
    public uint Number { get; } = number;

    /// <summary>Whether it is a directory.</summary>
    public bool IsDirectory { get; } = isDirectory;

    /// <summary>Its size in bytes.</summary>
    public long SizeBytes { get; } = sizeBytes;

    /// <summary>Its hard links, as it says itself.</summary>
    public int LinkCount { get; } = linkCount;

    /// <summary>Where its blocks are, by logical block; what is not covered is a hole.</summary>
    public ReadOnlySpan<MappedRun> Runs { get; } = runs;
}
