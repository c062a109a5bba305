using ExtShell.Check.Facts;
using ExtShell.Check.Totals;
using ExtShell.Format.Layout;
using ExtShell.Format.OnDisk;
using ExtShell.Format.Sources;

namespace ExtShell.Check.Tests.Fuzz;

/// <summary>All metadata of an image, by kind.</summary>
internal sealed class TargetList
{
    private readonly SortedDictionary<TargetKind, List<MutationTarget>> _targets = [];

    public TargetList(byte[] image)
    {
        Volume = SuperBlockCheck.Read(new MemorySource(image), new FindingList())!;
        VolumeGeometry geometry = Volume.Geometry;
        var groups = new GroupFacts[geometry.GroupCount];
        for (int group = 0; group < groups.Length; group++)
            groups[group] = GroupFacts.Read(Volume, group);
        Totals = TotalsBuilder.Build(Volume, groups)!;
        Add(TargetKind.SuperBlock, SuperBlock.OffsetBytes, SuperBlock.SizeBytes, 0);
        foreach (GroupFacts group in groups)
        {
            uint number = (uint)group.Group;
            Add(TargetKind.Descriptor, geometry.DescriptorOffsetBytes(group.Group), geometry.DescriptorSizeBytes, number);
            if (!group.HasNoBlockBitmap)
                Add(TargetKind.BlockBitmap, geometry.BlockOffsetBytes(group.BlockBitmap), Volume.BlockSizeBytes, number);
            if (!group.HasNoInodeBitmap)
                Add(TargetKind.InodeBitmap, geometry.BlockOffsetBytes(group.InodeBitmap), Volume.BlockSizeBytes, number);
        }

        foreach (InodeFacts facts in Totals.Inodes.Values)
            AddInode(facts);
        foreach (long block in Totals.AttributeBlocks.Keys)
            AddBlock(TargetKind.AttributeBlock, block, 0);
        AddInodeRecord((uint)(geometry.InodesCount - 3));
    }

    public Volume Volume { get; }

    public VolumeTotals Totals { get; }

    public IReadOnlyList<TargetKind> Kinds => [.. _targets.Keys];

    public IReadOnlyList<MutationTarget> Of(TargetKind kind) => _targets[kind];

    private void AddInode(InodeFacts facts)
    {
        AddInodeRecord(facts.Number);
        if (Volume.Geometry.IsInode(facts.Number + 1))
            AddInodeRecord(facts.Number + 1);
        bool isExtents = (facts.Flags & InodeFlags.Extents) != 0;
        foreach (BlockClaim block in facts.MapBlocks)
            AddBlock(isExtents ? TargetKind.ExtentBlock : TargetKind.IndirectBlock, block.Block, facts.Number);
        foreach (DirectoryBlockFacts block in facts.Directory?.Blocks ?? [])
        {
            if (block.PhysicalBlock >= 0)
                Add(TargetKind.DirectoryBlock, Volume.Geometry.BlockOffsetBytes(block.PhysicalBlock), Volume.BlockSizeBytes, facts.Number,
                    block.Role);
        }

        if (facts.Kind == FileType.SymbolicLink && facts.Runs.Length > 0)
            AddBlock(TargetKind.LinkBlock, facts.Runs[0].PhysicalBlock, facts.Number);
        if (facts.Number == InodeNumbers.Journal && facts.Runs.Length > 0)
            Add(TargetKind.JournalSuperBlock, Volume.Geometry.BlockOffsetBytes(facts.Runs[0].PhysicalBlock), 1024, facts.Number);
        if (Volume.SuperBlock.Has(CompatibleFeatures.OrphanFile) && facts.Number == Volume.SuperBlock.OrphanFileInode.Value)
            AddBlock(TargetKind.OrphanBlock, facts.Runs[0].PhysicalBlock, facts.Number);
    }

    private void AddInodeRecord(uint inode)
    {
        long table = Totals.Groups[Volume.Geometry.GroupOfInode(inode)].InodeTable;
        Add(TargetKind.Inode, Volume.Geometry.InodeOffsetBytes(inode, table), Volume.Geometry.InodeSizeBytes, inode);
    }

    private void AddBlock(TargetKind kind, long block, uint number) =>
        Add(kind, Volume.Geometry.BlockOffsetBytes(block), Volume.BlockSizeBytes, number);

    private void Add(TargetKind kind, long offsetBytes, int lengthBytes, uint number, DirectoryBlockRole role = default)
    {
        if (!_targets.TryGetValue(kind, out List<MutationTarget>? list))
            _targets.Add(kind, list = []);
        list.Add(new MutationTarget(kind, offsetBytes, lengthBytes, number, role));
    }
}
