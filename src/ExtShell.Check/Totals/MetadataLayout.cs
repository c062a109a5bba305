using ExtShell.Check.Facts;
using ExtShell.Format.Layout;
using ExtShell.Format.OnDisk;

namespace ExtShell.Check.Totals;

/// <summary>
/// What the file system owns itself, from the geometry and the group descriptors: all copies, and the places that a check reads.
/// </summary>
internal sealed class MetadataLayout
{
    private MetadataLayout(BlockClaim[] claims, MetadataPlace[] places, Finding[] findings)
    {
        Claims = claims;
        Places = places;
        Findings = findings;
    }

    /// <summary>All blocks, each once, in order.</summary>
    public BlockClaim[] Claims { get; }

    /// <summary>What a check reads, in order; disjoint if there are no findings.</summary>
    public MetadataPlace[] Places { get; }

    /// <summary>Structures that overlap.</summary>
    public Finding[] Findings { get; }

    public static MetadataLayout Of(Volume volume, GroupFacts[] groups)
    {
        VolumeGeometry geometry = volume.Geometry;
        var claims = new List<(BlockClaim Claim, int Group)>();
        var places = new List<MetadataPlace>();
        foreach (GroupFacts group in groups)
        {
            int fixedBlocks = geometry.BaseMetadataBlocksCount(group.Group);
            if (fixedBlocks > 0)
                Claim(geometry.GroupFirstBlock(group.Group), Math.Min(fixedBlocks, geometry.BlocksInGroup(group.Group)), group.Group);
            if (group.Group % geometry.DescriptorsPerBlock == 0)
                places.Add(new MetadataPlace(geometry.DescriptorBlock(group.Group), 1, MetadataKind.Descriptors, group.Group));
            if (group.IsUnreadable)
                continue;
            AddPlace(group.BlockBitmap, 1, MetadataKind.BlockBitmap, group.Group);
            AddPlace(group.InodeBitmap, 1, MetadataKind.InodeBitmap, group.Group);
            AddPlace(group.InodeTable, geometry.InodeTableBlocksCount, MetadataKind.InodeTable, group.Group);
        }

        if (volume.SuperBlock.Has(CompatibleFeatures.ResizeInode) && geometry.ReservedGdtBlocks > 0)
        {
            long firstKept = geometry.SuperBlockBlock(0) + 1 + geometry.DescriptorBlocksCount;
            places.Add(new MetadataPlace(firstKept, geometry.ReservedGdtBlocks, MetadataKind.KeptDescriptors, 0));
        }

        places.Sort(static (a, b) => a.Block.CompareTo(b.Block));
        claims.Sort(static (a, b) => a.Claim.Block.CompareTo(b.Claim.Block));
        return new MetadataLayout(Merge(volume, claims, out Finding[] findings), [.. places], findings);

        void Claim(long block, long lengthBlocks, int group) =>
            claims.Add((new BlockClaim(block, lengthBlocks, ClaimKind.FileSystem), group));

        void AddPlace(long block, int lengthBlocks, MetadataKind kind, int group)
        {
            places.Add(new MetadataPlace(block, lengthBlocks, kind, group));
            Claim(block, lengthBlocks, group);
        }
    }

    private static BlockClaim[] Merge(Volume volume, List<(BlockClaim Claim, int Group)> claims, out Finding[] findings)
    {
        var list = new FindingList();
        var merged = new List<BlockClaim>();
        foreach ((BlockClaim claim, int group) in claims)
        {
            if (merged.Count == 0 || merged[^1].EndBlock < claim.Block)
            {
                merged.Add(claim);
                continue;
            }

            BlockClaim last = merged[^1];
            if (claim.Block < last.EndBlock)
                list.Add(
                    FindingCode.MetadataOverlap, new FindingPlace(FindingStructure.GroupDescriptor, 0, group, claim.Block),
                    $"blocks {claim.Block} to {Math.Min(claim.EndBlock, last.EndBlock) - 1} hold two of the file system's structures");
            merged[^1] = last with { LengthBlocks = Math.Max(last.EndBlock, claim.EndBlock) - last.Block };
        }

        findings = list.Take();
        return [.. merged];
    }
}
