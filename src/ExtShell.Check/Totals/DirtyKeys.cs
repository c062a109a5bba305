using ExtShell.Format.Layout;

namespace ExtShell.Check.Totals;

/// <summary>Which keys of findings must be evaluated anew for a state, once its facts are in place and its claims settled.</summary>
internal sealed class DirtyKeys
{
    private readonly VolumeView _view;
    private readonly HashSet<uint> _brokenCycles = [];

    public DirtyKeys(VolumeView view, TouchedObjects touched, bool hasOrphanChange)
    {
        _view = view;
        uint journal = view.Volume.SuperBlock.JournalInode;
        bool hasSuperChange = !SameFeatures(view);
        HasOrphans = hasOrphanChange;
        HasJournal = touched.HasJournal || hasSuperChange || view.ChangedInodes.ContainsKey(journal);
        HasResize = touched.HasKeptDescriptors || view.ChangedInodes.ContainsKey(InodeNumbers.Resize);
        Groups.UnionWith(touched.Groups);
        foreach ((uint inode, InodeFacts? after) in view.ChangedInodes)
            AddInode(inode, after);
        Links.UnionWith(view.ChangedLinks.Keys);
        Attributes.UnionWith(view.ChangedAttributes);
        AddClaims();
        if (view.UnknownCount != view.Base.UnknownCount)
            AddAllWithFindings();
        AddCycles();
    }

    public SortedSet<int> Groups { get; } = [];

    public SortedSet<uint> Inodes { get; } = [];

    public SortedSet<uint> Links { get; } = [];

    public SortedSet<uint> Claims { get; } = [];

    public SortedSet<long> Attributes { get; } = [];

    public SortedDictionary<uint, uint[]> Cycles { get; private set; } = [];

    public bool HasOrphans { get; }

    public bool HasJournal { get; }

    public bool HasResize { get; }

    /// <summary>Whether the base's findings of the key count no more.</summary>
    public bool IsDirty(FindingKey key) => key.Topic switch
    {
        FindingTopic.SuperBlock => true,
        FindingTopic.Layout => false,
        FindingTopic.Journal => HasJournal,
        FindingTopic.Orphans => HasOrphans,
        FindingTopic.Resize => HasResize,
        FindingTopic.Group => Groups.Contains((int)key.Number),
        FindingTopic.Inode => Inodes.Contains((uint)key.Number),
        FindingTopic.Links => Links.Contains((uint)key.Number),
        FindingTopic.Claims => Claims.Contains((uint)key.Number),
        FindingTopic.Attributes => Attributes.Contains(key.Number),
        _ => _brokenCycles.Contains((uint)key.Number),
    };

    private static bool SameFeatures(VolumeView view) =>
        view.Volume.SuperBlock.FeatureIncompat == view.Base.Volume.SuperBlock.FeatureIncompat
        && view.Volume.SuperBlock.FeatureReadOnlyCompat == view.Base.Volume.SuperBlock.FeatureReadOnlyCompat;

    private void AddInode(uint inode, InodeFacts? after)
    {
        Inodes.Add(inode);
        Links.Add(inode);
        InodeFacts? before = _view.Base.Inodes.GetValueOrDefault(inode);
        if (UseOf(before) != UseOf(after))
            Groups.Add(_view.Volume.Geometry.GroupOfInode(inode));
    }

    private static int UseOf(InodeFacts? facts) =>
        facts is null or { IsFree: true } ? 0 : facts.IsUnreadable ? 1 : facts.IsDirectory ? 2 : 3;

    private void AddClaims()
    {
        ClaimChanges changes = _view.Claims;
        VolumeGeometry geometry = _view.Volume.Geometry;
        foreach (ClaimPiece piece in changes.Pieces)
        {
            for (int group = geometry.GroupOfBlock(piece.Block); group <= geometry.GroupOfBlock(piece.EndBlock - 1); group++)
                Groups.Add(group);
        }

        Claims.UnionWith(changes.DisturbedInodes);
        Attributes.UnionWith(changes.DisturbedAttributes);
        if (_view.Base.Contested.Count > 0 || changes.HasContested)
            Claims.UnionWith(_view.ChangedInodes.Keys);
        if (changes.ChangesContested)
        {
            Claims.UnionWith(_view.Base.Contested);
            AddWithFindings(FindingTopic.Attributes);
        }
    }

    private void AddAllWithFindings()
    {
        AddWithFindings(FindingTopic.Links);
        AddWithFindings(FindingTopic.Group);
    }

    private void AddWithFindings(FindingTopic topic)
    {
        foreach (FindingKey key in _view.Base.Findings.Keys)
        {
            if (key.Topic != topic)
                continue;
            if (topic == FindingTopic.Group)
                Groups.Add((int)key.Number);
            else if (topic == FindingTopic.Links)
                Links.Add((uint)key.Number);
            else
                Attributes.Add(key.Number);
        }
    }

    private void AddCycles()
    {
        var evaluation = new CycleEvaluation(_view);
        foreach (uint inode in Links)
            evaluation.Follow(inode);
        foreach ((uint least, uint[] members) in _view.Base.Cycles)
        {
            if (!members.Any(Links.Contains))
                continue;
            _brokenCycles.Add(least);
            foreach (uint member in members)
                evaluation.Follow(member);
        }

        Cycles = evaluation.Found;
        foreach (uint least in Cycles.Keys)
            _brokenCycles.Add(least);
    }
}
