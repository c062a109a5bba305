using ExtShell.Check.Facts;
using ExtShell.Format.Layout;
using ExtShell.Format.OnDisk;

namespace ExtShell.Check.Totals;

/// <summary>
/// Makes findings of facts: for each key a function of the view, the same for a base and for a state. That is why judging a state finds
/// exactly what checking it whole would: it evaluates anew the keys whose grounds changed, and keeps the rest.
/// </summary>
internal sealed class Evaluation(VolumeView view)
{
    private readonly LinkEvaluation _links = new(view);
    private readonly GroupEvaluation _groups = new(view);

    /// <summary>Evaluates everything of a base.</summary>
    public static void EvaluateAll(VolumeTotals totals)
    {
        var view = new VolumeView(totals, totals.Volume);
        var evaluation = new Evaluation(view);
        Dictionary<FindingKey, Finding[]> findings = totals.Findings;
        foreach (GroupFacts group in totals.Groups)
        {
            Keep(new FindingKey(FindingTopic.Group, group.Group), evaluation.Group(group.Group, out GroupCounts counts));
            totals.Counts[group.Group] = counts;
            totals.FreeBlocks += counts.FreeBlocks;
            totals.FreeInodes += counts.FreeInodes;
        }

        bool hasContested = HasContested(totals.Claims);
        var cycles = new CycleEvaluation(view);
        foreach ((uint inode, InodeFacts facts) in totals.Inodes)
        {
            Keep(new FindingKey(FindingTopic.Inode, inode), LocalOf(facts));
            Keep(new FindingKey(FindingTopic.Links, inode), evaluation.Links(inode));
            if (facts.IsDirectory)
                cycles.Follow(inode);
            if (hasContested && evaluation.Claims(inode) is { Length: > 0 } contested)
            {
                Keep(new FindingKey(FindingTopic.Claims, inode), contested);
                totals.Contested.Add(inode);
            }
        }

        foreach (uint inode in totals.Links.Keys)
        {
            if (!totals.Inodes.ContainsKey(inode))
                Keep(new FindingKey(FindingTopic.Links, inode), evaluation.Links(inode));
        }

        foreach ((uint least, uint[] members) in cycles.Found)
        {
            totals.Cycles.Add(least, members);
            Keep(new FindingKey(FindingTopic.Cycle, least), [CycleEvaluation.Report(least, members)]);
        }

        foreach (long block in totals.AttributeBlocks.Keys)
            Keep(new FindingKey(FindingTopic.Attributes, block), evaluation.Attributes(block));
        Keep(new FindingKey(FindingTopic.Layout), totals.Layout.Findings);
        Keep(new FindingKey(FindingTopic.Orphans), totals.Orphans.Findings);
        Keep(new FindingKey(FindingTopic.Journal), evaluation.Journal());
        Keep(new FindingKey(FindingTopic.Resize), evaluation.Resize());
        view.FreeBlocks = totals.FreeBlocks;
        view.FreeInodes = totals.FreeInodes;
        Keep(new FindingKey(FindingTopic.SuperBlock), evaluation.SuperBlock());

        void Keep(FindingKey key, Finding[] found)
        {
            if (found.Length > 0)
                findings.Add(key, found);
        }
    }

    /// <summary>What an inode and its directory blocks say of themselves.</summary>
    public static Finding[] LocalOf(InodeFacts facts)
    {
        if (facts.Directory is not DirectoryFacts directory)
            return facts.Findings;
        int count = facts.Findings.Length + directory.Findings.Length;
        foreach (DirectoryBlockFacts block in directory.Blocks)
            count += block.Findings.Length;
        if (count == 0)
            return [];
        var all = new List<Finding>(count);
        all.AddRange(facts.Findings);
        all.AddRange(directory.Findings);
        foreach (DirectoryBlockFacts block in directory.Blocks)
            all.AddRange(block.Findings);
        return [.. all];
    }

    public Finding[] Group(int group, out GroupCounts counts) => _groups.Evaluate(group, out counts);

    public Finding[] Links(uint inode) => _links.Evaluate(inode);

    /// <summary>Whether blocks of the inode are somebody else's, too.</summary>
    public Finding[] Claims(uint inode)
    {
        if (view.Inode(inode) is not { IsInUse: true } facts)
            return [];
        (long count, long first) = (0, long.MaxValue);
        foreach (MappedRun run in facts.Runs)
            Count(run.PhysicalBlock, run.EndPhysicalBlock);
        foreach (BlockClaim block in facts.MapBlocks)
            Count(block.Block, block.EndBlock);
        if (count == 0)
            return [];
        var place = new FindingPlace(FindingStructure.Inode, inode);
        return [new Finding(
            FindingCode.BlocksMultiplyClaimed, FindingSeverity.Error, place,
            $"{count} blocks should be its own, and others claim them, too; the first is block {first}")];

        void Count(long block, long endBlock)
        {
            (long here, long firstHere) = view.Claims.Contested(block, endBlock);
            count += here;
            first = Math.Min(first, firstHere);
        }
    }

    /// <summary>A block of attributes, if anybody names it.</summary>
    public Finding[] Attributes(long block)
    {
        int references = view.AttributeReferences(block);
        if (references == 0)
            return [];
        AttributeBlockFacts facts = view.AttributeBlock(block);
        var place = new FindingPlace(FindingStructure.Attributes, 0, -1, block);
        var found = new List<Finding>(facts.Findings);
        if (facts.ReferenceCount != references && !facts.IsUnreadable && facts.Findings.Length == 0)
            found.Add(
                new Finding(FindingCode.AttributeReferenceCountWrong, FindingSeverity.Error, place,
                $"h_refcount should be {references}, found {facts.ReferenceCount}"));
        if (view.Claims.Contested(block, block + 1).Count > 0)
            found.Add(
                new Finding(FindingCode.BlocksMultiplyClaimed, FindingSeverity.Error, place,
                "the block should hold attributes alone, and others claim it, too"));
        return [.. found];
    }

    public Finding[] Journal() => JournalCheck.Check(view.Volume, view.Inode(view.Volume.SuperBlock.JournalInode));

    /// <summary>The resize inode and what it keeps.</summary>
    public Finding[] Resize()
    {
        Volume volume = view.Volume;
        GroupFacts group = view.Group(0);
        bool isUnreadable = group.IsUnreadable || view.Inode(InodeNumbers.Resize) is { IsUnreadable: true };
        if (!volume.SuperBlock.Has(CompatibleFeatures.ResizeInode) || isUnreadable)
            return [];
        long offsetBytes = volume.Geometry.InodeOffsetBytes(InodeNumbers.Resize, group.InodeTable);
        InodeRecord record = InodeRecord.Load(volume.Source.Read(offsetBytes, volume.Geometry.InodeSizeBytes));
        return ResizeInodeCheck.Check(volume, record);
    }

    /// <summary>The superblock's fields and totals.</summary>
    public Finding[] SuperBlock()
    {
        var findings = new FindingList();
        SuperBlockCheck.CheckFields(view.Volume, findings);
        ref readonly SuperBlock super = ref view.Volume.SuperBlock;
        var place = new FindingPlace(FindingStructure.SuperBlock);
        if (view.Base.HasUnreadableGroups)
            return findings.Take();
        long freeBlocks = view.FreeBlocks * view.Volume.Geometry.ClusterRatio;
        if (super.FreeBlocksCount != (ulong)freeBlocks)
            findings.Add(
                FindingCode.FreeBlocksTotalStale, place,
                $"s_free_blocks_count should be {freeBlocks}, found {super.FreeBlocksCount}");
        if (super.FreeInodesCount.Value != view.FreeInodes)
            findings.Add(
                FindingCode.FreeInodesTotalStale, place,
                $"s_free_inodes_count should be {view.FreeInodes}, found {super.FreeInodesCount.Value}");
        return findings.Take();
    }

    private static bool HasContested(ClaimMap claims)
    {
        foreach (ClaimSegment segment in claims.Segments)
        {
            if (segment.Count > 1)
                return true;
        }

        return false;
    }
}
