using ExtShell.Format.OnDisk;

namespace ExtShell.Check.Facts;

/// <summary>
/// What one block of a directory says: a function of its bytes, of the directory's number and generation, and of its role.
/// </summary>
internal sealed class DirectoryBlockFacts
{
    public required uint LogicalBlock { get; init; }

    /// <summary>The block of the volume; −1 for inline data.</summary>
    public required long PhysicalBlock { get; init; }

    /// <summary>What the block was taken for.</summary>
    public required DirectoryBlockRole Role { get; init; }

    /// <summary>How the names of the directory are hashed, as its root says; null without a hash tree.</summary>
    public DirectoryHashVersion? HashVersion { get; init; }

    /// <summary>The entries in use, but for "." and "..".</summary>
    public DirectoryName[] Entries { get; init; } = [];

    /// <summary>The names of the entries, one behind the other.</summary>
    public byte[] Names { get; init; } = [];

    /// <summary>Where "." leads; 0 if there is none.</summary>
    public uint DotInode { get; init; }

    /// <summary>Where ".." leads; 0 if there is none.</summary>
    public uint DotDotInode { get; init; }

    /// <summary>Whether its sum does not match.</summary>
    public bool IsUnreadable { get; init; }

    /// <summary>The index entries of a root or node of a hash tree.</summary>
    public HashTreeNode? Node { get; init; }

    /// <summary>The least hash of the names in a leaf of a hash tree.</summary>
    public uint LeastHash { get; init; } = uint.MaxValue;

    /// <summary>The greatest hash of the names in a leaf of a hash tree.</summary>
    public uint GreatestHash { get; init; }

    public Finding[] Findings { get; init; } = [];

    public ReadOnlySpan<byte> NameOf(in DirectoryName entry) => Names.AsSpan(entry.NameStart, entry.NameLength);
}
