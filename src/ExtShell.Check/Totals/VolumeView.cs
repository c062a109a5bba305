using ExtShell.Check.Facts;

namespace ExtShell.Check.Totals;

/// <summary>A volume as its base and what differs from it. Without differences it is the base itself.</summary>
internal sealed class VolumeView(VolumeTotals totals, Volume volume)
{
    private readonly Dictionary<uint, InodeFacts?> _inodes = [];
    private IdentitySum _identity = totals.Identity;
    private readonly Dictionary<uint, LinkChange> _links = [];
    private readonly Dictionary<int, GroupFacts> _groups = [];
    private readonly Dictionary<long, AttributeBlockFacts> _attributeBlocks = [];
    private readonly Dictionary<long, int> _attributeReferences = [];

    public VolumeTotals Base { get; } = totals;

    /// <summary>The image of this view.</summary>
    public Volume Volume { get; } = volume;

    public Orphans Orphans { get; set; } = totals.Orphans;

    public ClaimChanges Claims { get; } = new(totals);

    public long InodesInUse { get; set; } = totals.InodesInUse;

    public long Directories { get; set; } = totals.Directories;

    public long FreeBlocks { get; set; } = totals.FreeBlocks;

    public long FreeInodes { get; set; } = totals.FreeInodes;

    public int UnknownCount { get; set; } = totals.UnknownCount;

    public ref IdentitySum Identity => ref _identity;

    /// <summary>Inodes whose facts differ, null where they are free.</summary>
    public Dictionary<uint, InodeFacts?> ChangedInodes => _inodes;

    /// <summary>Inodes to which other names or entries lead.</summary>
    public Dictionary<uint, LinkChange> ChangedLinks => _links;

    /// <summary>Blocks of attributes whose content or number of users differs.</summary>
    public HashSet<long> ChangedAttributes { get; } = [];

    /// <summary>The facts of an inode; null if it is free, unless it has findings.</summary>
    public InodeFacts? Inode(uint number)
    {
        if (_inodes.Count > 0 && _inodes.TryGetValue(number, out InodeFacts? changed))
            return changed;
        return Base.Inodes.GetValueOrDefault(number);
    }

    public GroupFacts Group(int group) =>
        _groups.Count > 0 && _groups.TryGetValue(group, out GroupFacts? changed) ? changed : Base.Groups[group];

    public void SetGroup(GroupFacts group) => _groups[group.Group] = group;

    /// <summary>Entries that lead to an inode, "." and ".." included.</summary>
    public int LinkCount(uint inode)
    {
        int count = Base.Links.TryGetValue(inode, out LinkTotals? links) ? links.Count : 0;
        return _links.Count > 0 && _links.TryGetValue(inode, out LinkChange? change) ? count + change.CountDelta : count;
    }

    /// <summary>The names that lead to an inode, in no order that counts.</summary>
    public void AddNames(uint inode, List<NameReference> names)
    {
        LinkChange? change = _links.Count > 0 ? _links.GetValueOrDefault(inode) : null;
        if (Base.Links.TryGetValue(inode, out LinkTotals? links))
        {
            for (int i = 0; i < links.NameCount; i++)
            {
                NameReference name = links[i];
                if (change is null || change.Removed.Count == 0 || !change.Removed.Contains(name))
                    names.Add(name);
            }
        }

        if (change is not null)
            names.AddRange(change.Added);
    }

    /// <summary>The directory that holds a directory, the one of least number if there are several; 0 if there is none.</summary>
    public uint ParentOf(uint directory, List<NameReference> scratch)
    {
        scratch.Clear();
        AddNames(directory, scratch);
        uint parent = 0;
        foreach (NameReference name in scratch)
            parent = parent == 0 ? name.Directory : Math.Min(parent, name.Directory);
        return parent;
    }

    public LinkChange Links(uint inode)
    {
        if (!_links.TryGetValue(inode, out LinkChange? change))
            _links.Add(inode, change = new LinkChange());
        return change;
    }

    /// <summary>The facts of a block of attributes.</summary>
    public AttributeBlockFacts AttributeBlock(long block)
    {
        if (_attributeBlocks.TryGetValue(block, out AttributeBlockFacts? changed))
            return changed;
        return Base.AttributeBlocks[block];
    }

    public void SetAttributeBlock(AttributeBlockFacts facts)
    {
        if (AttributeReferences(facts.Block) > 0)
        {
            _identity.Remove(AttributeBlock(facts.Block));
            _identity.Add(facts);
        }

        _attributeBlocks[facts.Block] = facts;
        ChangedAttributes.Add(facts.Block);
    }

    public bool KnowsAttributeBlock(long block) => _attributeBlocks.ContainsKey(block) || Base.AttributeBlocks.ContainsKey(block);

    /// <summary>How many inodes name a block of attributes.</summary>
    public int AttributeReferences(long block) =>
        Base.AttributeReferences.GetValueOrDefault(block)
            + (_attributeReferences.Count > 0 ? _attributeReferences.GetValueOrDefault(block) : 0);

    public void ChangeAttributeReferences(long block, int delta)
    {
        int before = AttributeReferences(block);
        _attributeReferences[block] = _attributeReferences.GetValueOrDefault(block) + delta;
        ChangedAttributes.Add(block);
        if (before == 0)
        {
            Claims.Add(new BlockClaim(block, 1, ClaimKind.Attributes), 1);
            _identity.Add(AttributeBlock(block));
        }
        else if (before + delta == 0)
        {
            Claims.Add(new BlockClaim(block, 1, ClaimKind.Attributes), -1);
            _identity.Remove(AttributeBlock(block));
        }
    }
}
