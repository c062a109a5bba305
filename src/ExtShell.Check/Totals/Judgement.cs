using System.Runtime.InteropServices;
using ExtShell.Check.Facts;
using ExtShell.Format.Layout;
using ExtShell.Format.OnDisk;
using ExtShell.Format.Sources;

namespace ExtShell.Check.Totals;

/// <summary>
/// Judges one state against a base: reads again what the changed ranges touch, replaces the facts, and evaluates the keys whose grounds
/// changed.
/// </summary>
/// <remarks>
/// (1) Only what may differ is read (<see cref="TouchedObjects"/>), and only what is interpreted of it.
/// (2) What changes the layout itself (sizes, features, places of bitmaps and tables), or was unknown or overlapped in the base, is not
/// judged but checked whole.
/// (3) An inode is read again if its record or a block interpreted for it may differ, or if it became an orphan or ceased to be one.
/// (4) A key is evaluated anew if any fact that its evaluation reads has changed. Findings of other keys are the base's.
/// (5) Where something becomes unreadable, findings that rest on absence are not made: all keys that had findings are then evaluated anew.
/// </remarks>
internal sealed class Judgement : DirectoryChange.ISink
{
    private readonly VolumeTotals _base;
    private readonly ChangedRanges _changed;
    private readonly VolumeView _view;
    private readonly TouchedObjects _touched;
    private readonly InodeReader _reader;
    private bool _hasOrphanChange;

    private Judgement(VolumeTotals totals, Volume volume, ChangedRanges changed)
    {
        _base = totals;
        _changed = changed;
        _view = new VolumeView(totals, volume);
        _touched = new TouchedObjects(_view, changed); // (1)
        _reader = new InodeReader(volume);
    }

    /// <summary>The report; null if the state must be checked whole (2).</summary>
    public static CheckReport? Judge(VolumeTotals totals, IByteSource state, ChangedRanges changed)
    {
        Volume before = totals.Volume;
        if (totals.UnknownCount > 0 || totals.Layout.Findings.Length > 0 || state.LengthBytes != before.Source.LengthBytes) // (2)
            return null;
        SuperBlock super = before.SuperBlock;
        if (changed.Touches(SuperBlock.OffsetBytes, SuperBlock.SizeBytes))
        {
            if (!before.HasMetadataChecksum)
                super = MemoryMarshal.Read<SuperBlock>(state.Read(SuperBlock.OffsetBytes, SuperBlock.SizeBytes));
            else if (!SuperBlockCheck.TryReadVerified(state, out super))
                return CheckUnverified(state);
            if (!SuperBlockCheck.IsSameLayout(before.SuperBlock, super))
                return null;
        }

        var judgement = new Judgement(totals, new Volume(state, before.Geometry, super), changed);
        if (!judgement._touched.Find())
            return null;
        judgement.ReadOrphans();
        judgement.ReadInodes();
        judgement.ReadAttributes();
        judgement._view.Claims.Settle();
        return CheckReport.Of(judgement._view, judgement.Evaluate());
    }

    /// <summary>
    /// A superblock whose sum does not match may not be interpreted: that is the verdict. If it is decided, it may be another kind of
    /// damage, or a volume without sums, which only a check of the whole can tell.
    /// </summary>
    private static CheckReport? CheckUnverified(IByteSource state)
    {
        if (state.IsDecided(SuperBlock.OffsetBytes, SuperBlock.SizeBytes))
            return null;
        var findings = new FindingList();
        SuperBlockCheck.ReportMismatch(findings);
        return CheckReport.Incomplete(findings.Take());
    }

    public void AddName(NameReference name)
    {
        LinkChange change = _view.Links(name.Entry.Inode);
        change.CountDelta++;
        change.Added.Add(name);
        _view.Identity.Add(name);
    }

    public void RemoveName(NameReference name)
    {
        LinkChange change = _view.Links(name.Entry.Inode);
        change.CountDelta--;
        change.Removed.Add(name);
        _view.Identity.Remove(name);
    }

    public void ChangeDots(uint inode, int delta) => _view.Links(inode).CountDelta += delta;

    private void ReadOrphans() // (3)
    {
        Volume volume = _view.Volume;
        ref readonly SuperBlock super = ref volume.SuperBlock;
        ref readonly SuperBlock before = ref _base.Volume.SuperBlock;
        bool hasFile = super.Has(CompatibleFeatures.OrphanFile);
        _hasOrphanChange = super.LastOrphan.Value != before.LastOrphan.Value
            || super.Has(ReadOnlyCompatibleFeatures.OrphanPresent) != before.Has(ReadOnlyCompatibleFeatures.OrphanPresent)
            || (hasFile && _touched.Inodes.Contains(super.OrphanFileInode))
            || _base.Orphans.Inodes.Any(_touched.Inodes.Contains);
        if (!_hasOrphanChange)
            return;
        VolumeGeometry geometry = volume.Geometry;
        long RecordOffset(uint inode) => TotalsBuilder.RecordOffsetBytes(geometry, _view.Group(geometry.GroupOfInode(inode)), inode);
        _view.Orphans = Orphans.Read(volume, RecordOffset, TotalsBuilder.ReadOrphanFile(volume, _reader, RecordOffset));
        foreach (uint inode in _view.Orphans.Inodes)
        {
            if (!_base.Orphans.Contains(inode))
                _touched.Inodes.Add(inode);
        }

        foreach (uint inode in _base.Orphans.Inodes)
        {
            if (!_view.Orphans.Contains(inode))
                _touched.Inodes.Add(inode);
        }
    }

    private void ReadInodes()
    {
        VolumeGeometry geometry = _view.Volume.Geometry;
        foreach (uint inode in _touched.Inodes)
        {
            GroupFacts group = _view.Group(geometry.GroupOfInode(inode));
            InodeFacts? before = _base.Inodes.GetValueOrDefault(inode);
            InodeFacts? after = geometry.IndexOfInode(inode) >= group.UsableInodesCount
                ? null
                : _reader.Read(inode, geometry.InodeOffsetBytes(inode, group.InodeTable), _view.Orphans.Contains(inode), before, _changed);
            if (before is not null || after is not null)
                Replace(inode, before, after);
        }
    }

    private void Replace(uint inode, InodeFacts? before, InodeFacts? after)
    {
        _view.ChangedInodes[inode] = after;
        InodeFacts? old = before is { IsFree: false } ? before : null;
        InodeFacts? now = after is { IsFree: false } ? after : null;
        if (old is not null)
            _view.Identity.Remove(old);
        if (now is not null)
            _view.Identity.Add(now);
        _view.InodesInUse += (now is null ? 0 : 1) - (old is null ? 0 : 1);
        _view.Directories += (now is { IsDirectory: true } ? 1 : 0) - (old is { IsDirectory: true } ? 1 : 0);
        _view.UnknownCount += (now?.CountUnknown() ?? 0) - (old?.CountUnknown() ?? 0);
        ChangeClaims(old, now);
        if ((old?.AttributeBlock ?? 0) != (now?.AttributeBlock ?? 0))
            ChangeAttributes(old?.AttributeBlock ?? 0, now?.AttributeBlock ?? 0);
        DirectoryFacts? oldDirectory = old is { IsDirectory: true } ? old.Directory : null;
        DirectoryChange.Tell(inode, oldDirectory, now is { IsDirectory: true } ? now.Directory : null, this);
    }

    private void ChangeClaims(InodeFacts? old, InodeFacts? now)
    {
        ReadOnlySpan<MappedRun> oldRuns = old is null ? [] : old.Runs;
        ReadOnlySpan<MappedRun> newRuns = now is null ? [] : now.Runs;
        int same = oldRuns.CommonPrefixLength(newRuns);
        foreach (MappedRun run in oldRuns[same..])
            _view.Claims.Add(new BlockClaim(run.PhysicalBlock, run.LengthBlocks, old!.RunKind), -1);
        foreach (MappedRun run in newRuns[same..])
            _view.Claims.Add(new BlockClaim(run.PhysicalBlock, run.LengthBlocks, now!.RunKind), 1);
        ReadOnlySpan<BlockClaim> oldBlocks = old is null ? [] : old.MapBlocks;
        ReadOnlySpan<BlockClaim> newBlocks = now is null ? [] : now.MapBlocks;
        same = oldBlocks.CommonPrefixLength(newBlocks);
        foreach (BlockClaim block in oldBlocks[same..])
            _view.Claims.Add(block, -1);
        foreach (BlockClaim block in newBlocks[same..])
            _view.Claims.Add(block, 1);
    }

    private void ChangeAttributes(long oldBlock, long newBlock)
    {
        if (oldBlock != 0)
            _view.ChangeAttributeReferences(oldBlock, -1);
        if (newBlock == 0)
            return;
        if (!_view.KnowsAttributeBlock(newBlock))
            _view.SetAttributeBlock(_reader.Attributes.ReadBlock(newBlock));
        _view.ChangeAttributeReferences(newBlock, 1);
    }

    private void ReadAttributes()
    {
        foreach (long block in _touched.AttributeBlocks)
        {
            if (_view.AttributeReferences(block) > 0)
                _view.SetAttributeBlock(_reader.Attributes.ReadBlock(block));
        }
    }

    private List<Finding> Evaluate() // (4)
    {
        var evaluation = new Evaluation(_view);
        var keys = new DirtyKeys(_view, _touched, _hasOrphanChange);
        var findings = new List<Finding>();
        foreach (int group in keys.Groups)
        {
            findings.AddRange(evaluation.Group(group, out GroupCounts counts));
            _view.FreeBlocks += counts.FreeBlocks - _base.Counts[group].FreeBlocks;
            _view.FreeInodes += counts.FreeInodes - _base.Counts[group].FreeInodes;
        }

        foreach (uint inode in keys.Inodes)
        {
            if (_view.Inode(inode) is InodeFacts facts)
                findings.AddRange(Evaluation.LocalOf(facts));
        }

        foreach (uint inode in keys.Links)
            findings.AddRange(evaluation.Links(inode));
        foreach (uint inode in keys.Claims)
            findings.AddRange(evaluation.Claims(inode));
        foreach (long block in keys.Attributes)
            findings.AddRange(evaluation.Attributes(block));
        foreach ((uint least, uint[] members) in keys.Cycles)
            findings.Add(CycleEvaluation.Report(least, members));
        if (keys.HasOrphans)
            findings.AddRange(_view.Orphans.Findings);
        if (keys.HasJournal)
            findings.AddRange(evaluation.Journal());
        if (keys.HasResize)
            findings.AddRange(evaluation.Resize());
        findings.AddRange(evaluation.SuperBlock());
        foreach ((FindingKey key, Finding[] kept) in _base.Findings)
        {
            if (!keys.IsDirty(key))
                findings.AddRange(kept);
        }

        return findings;
    }
}
