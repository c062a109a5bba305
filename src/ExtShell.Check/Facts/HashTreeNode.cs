using ExtShell.Format.OnDisk;

namespace ExtShell.Check.Facts;

/// <summary>The index entries of a root or node.</summary>
internal sealed class HashTreeNode
{
    /// <summary>For each child the least hash below it (bit 0: goes on from the one before); the first one's is 0.</summary>
    public required uint[] Hashes { get; init; }

    /// <summary>For each child its logical block.</summary>
    public required uint[] Blocks { get; init; }

    /// <summary>Levels of nodes below; of a root only.</summary>
    public int IndirectLevels { get; init; }

    /// <summary>How names are hashed; of a root only.</summary>
    public DirectoryHashVersion HashVersion { get; init; }
}
