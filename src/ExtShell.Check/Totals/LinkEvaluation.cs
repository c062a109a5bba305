using ExtShell.Check.Facts;
using ExtShell.Format.Layout;
using ExtShell.Format.OnDisk;

namespace ExtShell.Check.Totals;

/// <summary>Checks what leads to an inode against what the inode says (e2fsck's passes 2, 3 and 4).</summary>
/// <remarks>
/// (1) Names lead to inodes in use, and say their type, or none.
/// (2) i_links_count is the number of entries that lead to the inode, "." and ".." included. A directory with dir_nlink may say 1 instead.
/// (3) An inode in use has a name, but for the root, the reserved ones and files that the superblock names; and but for orphans.
/// (4) A directory has one name, and its ".." leads to where that is.
/// (5) Where a sum did not match, entries are missing that may be there: too few are not held against an inode then.
/// </remarks>
internal sealed class LinkEvaluation(VolumeView view)
{
    private readonly FindingList _findings = new();
    private readonly List<NameReference> _names = [];

    public Finding[] Evaluate(uint inode)
    {
        _names.Clear();
        view.AddNames(inode, _names);
        InodeFacts? facts = view.Inode(inode);
        if (facts is null or { IsFree: true } or { IsOrphan: true, LinkCount: 0 })
            ReportUnused(inode);
        else if (!facts.IsUnreadable)
        {
            CheckTypes(facts);
            if (!IsUnnamed(facts))
                CheckCounts(facts);
        }

        return _findings.Take();
    }

    private void ReportUnused(uint inode) // (1)
    {
        foreach (NameReference name in _names)
            _findings.Add(
                FindingCode.EntryToUnusedInode, name.Place,
                $"'{PathText.Of(name.Name)}' leads to inode {inode}, which is not in use");
    }

    private void CheckTypes(InodeFacts facts) // (1)
    {
        if (!view.Volume.Geometry.HasFileType || facts.Kind == FileType.Unknown)
            return;
        foreach (NameReference name in _names)
        {
            if (name.Entry.FileType != facts.Kind && name.Entry.FileType != FileType.Unknown)
                _findings.Add(
                    FindingCode.EntryTypeWrong, name.Place,
                    $"the type of '{PathText.Of(name.Name)}' should be {(int)facts.Kind}, found {(int)name.Entry.FileType}");
        }
    }

    private bool IsUnnamed(InodeFacts facts) // (3)
    {
        ref readonly SuperBlock super = ref view.Volume.SuperBlock;
        uint inode = facts.Number;
        return (inode < view.Volume.Geometry.FirstInode && inode != InodeNumbers.Root)
            || (super.Has(CompatibleFeatures.OrphanFile) && inode == super.OrphanFileInode.Value)
            || (super.Has(ReadOnlyCompatibleFeatures.Quota) && inode == super.ProjectQuotaInode.Value)
            || (facts.Flags & InodeFlags.AttributeInode) != 0;
    }

    private void CheckCounts(InodeFacts facts)
    {
        bool isRoot = facts.Number == InodeNumbers.Root;
        bool isDirectory = facts.Kind == FileType.Directory;
        var place = new FindingPlace(FindingStructure.Inode, facts.Number);
        if (isDirectory)
            CheckParent(facts, isRoot, place);
        if (_names.Count == 0 && !isRoot)
        {
            if (view.UnknownCount == 0) // (5)
                _findings.Add(
                    isDirectory ? FindingCode.DirectoryUnconnected : FindingCode.InodeUnattached, place,
                    "the inode is in use, and no name leads to it");
            return;
        }

        int count = view.LinkCount(facts.Number);
        bool isUncounted = isDirectory && facts.LinkCount == 1
            && view.Volume.SuperBlock.Has(ReadOnlyCompatibleFeatures.DirectoryLinksUnlimited);
        if (count != facts.LinkCount && !isUncounted && !(view.UnknownCount > 0 && count < facts.LinkCount)) // (2) (5)
            _findings.Add(FindingCode.LinkCountWrong, place, $"i_links_count should be {count}, found {facts.LinkCount}");
    }

    private void CheckParent(InodeFacts facts, bool isRoot, FindingPlace place) // (4)
    {
        uint parent = isRoot ? facts.Number : 0;
        foreach (NameReference name in _names)
            parent = parent == 0 ? name.Directory : Math.Min(parent, name.Directory);
        if (_names.Count > (isRoot ? 0 : 1))
            _findings.Add(FindingCode.DirectoryNamedTwice, place, $"the directory should have one name, found {_names.Count}");
        uint dotDot = facts.Directory?.DotDotInode ?? 0;
        if (dotDot != 0 && parent != 0 && dotDot != parent)
            _findings.Add(FindingCode.DotDotWrong, place, $"'..' should lead to inode {parent}, found {dotDot}");
    }
}
