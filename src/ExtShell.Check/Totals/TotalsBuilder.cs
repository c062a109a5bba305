using ExtShell.Check.Facts;
using ExtShell.Format.Layout;
using ExtShell.Format.OnDisk;

namespace ExtShell.Check.Totals;

/// <summary>Reads a whole volume and adds its facts up.</summary>
internal sealed class TotalsBuilder : DirectoryChange.ISink
{
    private readonly VolumeTotals _totals;
    private readonly Volume _volume;
    private readonly InodeReader _reader;
    private readonly List<(BlockClaim Claim, uint Inode)> _claims = [];
    private IdentitySum _identity;
    private long _parts;

    private TotalsBuilder(VolumeTotals totals)
    {
        _totals = totals;
        _volume = totals.Volume;
        _reader = new InodeReader(_volume);
    }

    /// <summary>
    /// The facts of all inodes, and their sums; null if they are more than a volume of this size can hold, which only happens where inodes
    /// share what they may not share.
    /// </summary>
    public static VolumeTotals? Build(Volume volume, GroupFacts[] groups)
    {
        var builder = new TotalsBuilder(new VolumeTotals(volume, groups, MetadataLayout.Of(volume, groups)));
        return builder.ReadInodes() ? builder.Finish() : null;
    }

    public void AddName(NameReference name)
    {
        Links(name.Entry.Inode).Add(name);
        _identity.Add(name);
    }

    public void RemoveName(NameReference name)
    {
    }

    public void ChangeDots(uint inode, int delta) => Links(inode).Count += delta;

    /// <summary>Where an inode's record is; −1 if its group cannot be read.</summary>
    public static long RecordOffsetBytes(VolumeGeometry geometry, GroupFacts group, uint inode) =>
        group.IsUnreadable ? -1 : geometry.InodeOffsetBytes(inode, group.InodeTable);

    /// <summary>The orphan file's facts, if the volume has one.</summary>
    public static InodeFacts? ReadOrphanFile(Volume volume, InodeReader reader, Func<uint, long> recordOffsetBytes)
    {
        uint number = volume.SuperBlock.OrphanFileInode;
        if (!volume.SuperBlock.Has(CompatibleFeatures.OrphanFile) || !volume.Geometry.IsInode(number))
            return null;
        long offsetBytes = recordOffsetBytes(number);
        return offsetBytes < 0 ? null : reader.Read(number, offsetBytes, false);
    }

    private bool ReadInodes()
    {
        VolumeGeometry geometry = _volume.Geometry;
        long RecordOffset(uint inode) => RecordOffsetBytes(geometry, _totals.Groups[geometry.GroupOfInode(inode)], inode);
        _totals.Orphans = Orphans.Read(_volume, RecordOffset, ReadOrphanFile(_volume, _reader, RecordOffset));
        long mostParts = geometry.BlocksCount + geometry.InodesCount + 1024;
        foreach (GroupFacts group in _totals.Groups)
        {
            if (group.IsUnreadable)
            {
                _totals.UnknownCount++;
                continue;
            }

            uint first = geometry.GroupFirstInode(group.Group);
            for (uint inode = first; inode < first + group.UsableInodesCount && _parts <= mostParts; inode++)
            {
                if (_reader.Read(
                    inode, geometry.InodeOffsetBytes(inode, group.InodeTable), _totals.Orphans.Contains(inode)) is InodeFacts facts)
                    Add(facts);
            }
        }

        return _parts <= mostParts;
    }

    private void Add(InodeFacts facts)
    {
        _totals.Inodes.Add(facts.Number, facts);
        _parts += 1 + facts.RunArray.Length + facts.MapBlocks.Length + (facts.Directory?.Blocks.Length ?? 0);
        if (facts.IsUnreadable)
            _totals.Unreadable.Add(facts.Number);
        if (facts.IsFree)
            return;
        _totals.UnknownCount += facts.CountUnknown();
        _totals.InodesInUse++;
        _identity.Add(facts);
        foreach (MappedRun run in facts.Runs)
            _claims.Add((new BlockClaim(run.PhysicalBlock, run.LengthBlocks, facts.RunKind), facts.Number));
        foreach (BlockClaim block in facts.MapBlocks)
            _claims.Add((block, facts.Number));
        if (facts.AttributeBlock != 0)
            AddAttributeBlock(facts.AttributeBlock);
        if (!facts.IsDirectory)
            return;
        _totals.Directories++;
        _totals.DirectoryCounts[_volume.Geometry.GroupOfInode(facts.Number)]++;
        DirectoryChange.Tell(facts.Number, null, facts.Directory, this);
    }

    private void AddAttributeBlock(long block)
    {
        if (!_totals.AttributeBlocks.ContainsKey(block))
        {
            AttributeBlockFacts facts = _reader.Attributes.ReadBlock(block);
            _totals.AttributeBlocks.Add(block, facts);
            _identity.Add(facts);
            _claims.Add((new BlockClaim(block, 1, ClaimKind.Attributes), 0));
        }

        _totals.AttributeReferences[block] = _totals.AttributeReferences.GetValueOrDefault(block) + 1;
    }

    private VolumeTotals Finish()
    {
        foreach (BlockClaim claim in _totals.Layout.Claims)
            _claims.Add((claim, 0));
        _totals.Claims = ClaimMap.Of(_claims);
        _totals.Identity = _identity;
        Evaluation.EvaluateAll(_totals);
        return _totals;
    }

    private LinkTotals Links(uint inode)
    {
        if (!_totals.Links.TryGetValue(inode, out LinkTotals? links))
            _totals.Links.Add(inode, links = new LinkTotals());
        return links;
    }
}
