using ExtShell.Check.Facts;

namespace ExtShell.Check.Totals;

/// <summary>
/// All facts of a base, and what they add up to. It is not changed once it is built, but for bitmaps that are made when first asked for.
/// </summary>
internal sealed class VolumeTotals(Volume volume, GroupFacts[] groups, MetadataLayout layout)
{
    private readonly byte[]?[] _claimedBlocks = new byte[]?[groups.Length];
    private readonly byte[]?[] _usedInodes = new byte[]?[groups.Length];

    public Volume Volume { get; } = volume;

    public GroupFacts[] Groups { get; } = groups;

    /// <summary>Whether a descriptor cannot be read; then what is free in all is not known.</summary>
    public bool HasUnreadableGroups { get; } = Array.Exists(groups, static group => group.IsUnreadable);

    public MetadataLayout Layout { get; } = layout;

    /// <summary>Inodes in use, and free ones with findings.</summary>
    public Dictionary<uint, InodeFacts> Inodes { get; } = [];

    public Dictionary<uint, LinkTotals> Links { get; } = [];

    public Dictionary<long, AttributeBlockFacts> AttributeBlocks { get; } = [];

    /// <summary>For each block of attributes how many inodes name it.</summary>
    public Dictionary<long, int> AttributeReferences { get; } = [];

    public Orphans Orphans { get; set; } = null!;

    public ClaimMap Claims { get; set; } = null!;

    /// <summary>For each group its directories.</summary>
    public int[] DirectoryCounts { get; } = new int[groups.Length];

    /// <summary>For each group what its bitmaps say is free; kept with the group's findings.</summary>
    public GroupCounts[] Counts { get; } = new GroupCounts[groups.Length];

    public long FreeBlocks { get; set; }

    public long FreeInodes { get; set; }

    public long InodesInUse { get; set; }

    public long Directories { get; set; }

    /// <summary>Objects whose sum does not match, so that what they would claim or name is not known.</summary>
    public int UnknownCount { get; set; }

    /// <summary>Inodes whose claims overlap others'.</summary>
    public SortedSet<uint> Contested { get; } = [];

    /// <summary>For each group of directories that contain each other, all members; the key is the least.</summary>
    public SortedDictionary<uint, uint[]> Cycles { get; } = [];

    /// <summary>All findings that are not empty, by what they rest on.</summary>
    public Dictionary<FindingKey, Finding[]> Findings { get; } = [];

    /// <summary>Inodes whose own sum does not match.</summary>
    public List<uint> Unreadable { get; } = [];

    public IdentitySum Identity { get; set; }

    /// <summary>A bitmap of the group's blocks that somebody claims; not to be changed.</summary>
    public byte[] ClaimedBlocks(int group)
    {
        byte[]? bitmap = Volatile.Read(ref _claimedBlocks[group]);
        if (bitmap is null)
        {
            bitmap = new byte[Volume.BlockSizeBytes];
            Claims.Fill(bitmap, Volume.Geometry.GroupFirstBlock(group), Volume.Geometry.BlocksInGroup(group));
            Volatile.Write(ref _claimedBlocks[group], bitmap);
        }

        return bitmap;
    }

    /// <summary>A bitmap of the group's inodes that are in use; not to be changed.</summary>
    public byte[] UsedInodes(int group)
    {
        byte[]? bitmap = Volatile.Read(ref _usedInodes[group]);
        if (bitmap is null)
        {
            bitmap = new byte[Volume.BlockSizeBytes];
            uint first = Volume.Geometry.GroupFirstInode(group);
            for (int i = 0; i < Volume.Geometry.InodesPerGroup; i++)
            {
                if (IsUsed(first + (uint)i))
                    Bits.Set(bitmap, i, 1);
            }

            Volatile.Write(ref _usedInodes[group], bitmap);
        }

        return bitmap;
    }

    /// <summary>Whether an inode's bit should be set: it is reserved, or somebody uses it, or it cannot be read.</summary>
    public bool IsUsed(uint inode) =>
        inode < Volume.Geometry.FirstInode || (Inodes.TryGetValue(inode, out InodeFacts? facts) && !facts.IsFree);
}
