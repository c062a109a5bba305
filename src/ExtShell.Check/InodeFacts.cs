using ExtShell.Check.Facts;
using ExtShell.Format.OnDisk;

namespace ExtShell.Check;

/// <summary>What an inode says of itself: the local facts, a function of its record and of the blocks of its map.</summary>
public sealed class InodeFacts
{
    /// <summary>The inode's number.</summary>
    public required uint Number { get; init; }

    /// <summary>Type and permissions.</summary>
    public InodeMode Mode { get; internal init; }

    /// <summary>The owner's id.</summary>
    public uint Owner { get; internal init; }

    /// <summary>The group's id.</summary>
    public uint Group { get; internal init; }

    /// <summary>The type alone; <see cref="FileType.Unknown"/> if the inode could not be read.</summary>
    public FileType Kind => DirectoryEntry.TypeOf(Mode);

    /// <summary>Size in bytes.</summary>
    public long SizeBytes { get; internal init; }

    /// <summary>Hard links, as the inode says.</summary>
    public int LinkCount { get; internal init; }

    /// <summary>Its flags, as <c>lsattr</c> shows them.</summary>
    public InodeFlags Flags { get; internal init; }

    /// <summary>Tells users of the same number apart.</summary>
    public uint Generation { get; internal init; }

    /// <summary>Whether the inode is an orphan: recovery will truncate it to its size, or delete it if it has no links.</summary>
    public bool IsOrphan { get; internal init; }

    /// <summary>Whether the inode's record could not be verified, so that nothing of it is known.</summary>
    public bool IsUnreadable { get; internal init; }

    /// <summary>
    /// Where its blocks are: by logical block, neighbours merged, what is not covered is a hole. Of a damaged map it is what could be read,
    /// in the order of the map.
    /// </summary>
    public ReadOnlySpan<MappedRun> Runs => RunArray;

    /// <summary>The target of a symbolic link, the contents of a file with inline data; empty for anything else.</summary>
    public ReadOnlySpan<byte> InlineBytes => InlineArray;

    internal MappedRun[] RunArray { get; init; } = [];

    internal byte[] InlineArray { get; init; } = [];


    /// <summary>Whether nobody uses the inode: it is kept only for its findings.</summary>
    internal bool IsFree { get; init; }

    /// <summary>Whether something below the record could not be verified: a node of its map, or a block of the directory.</summary>
    internal bool HasUnknownParts { get; init; }

    /// <summary>What the blocks of <see cref="Runs"/> hold.</summary>
    internal ClaimKind RunKind { get; init; }

    /// <summary>The blocks of the map itself.</summary>
    internal BlockClaim[] MapBlocks { get; init; } = [];

    /// <summary>The block of extended attributes; 0 if there is none.</summary>
    internal long AttributeBlock { get; init; }

    /// <summary>The extended attributes that lie in the inode; those of <see cref="AttributeBlock"/> are the block's.</summary>
    internal AttributeFacts[] Attributes { get; init; } = [];

    internal DirectoryFacts? Directory { get; init; }

    /// <summary>The findings of the record, the map and the attributes; those of directory blocks are theirs.</summary>
    internal Finding[] Findings { get; init; } = [];

    internal bool IsInUse => !IsFree && !IsUnreadable;

    internal bool IsDirectory => Kind == FileType.Directory && IsInUse;

    /// <summary>Its parts whose sum does not match: itself, its map, blocks of the directory.</summary>
    internal int CountUnknown()
    {
        int count = (IsUnreadable ? 1 : 0) + (HasUnknownParts ? 1 : 0);
        foreach (DirectoryBlockFacts block in Directory?.Blocks ?? [])
            count += block.IsUnreadable ? 1 : 0;
        return count;
    }
}
