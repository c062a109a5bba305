using System.Runtime.InteropServices;
using ExtShell.Format.Checksums;
using ExtShell.Format.OnDisk;

namespace ExtShell.Check.Facts;

/// <summary>Reads an extent tree (ext4 disk layout, "Extent Tree") and checks it as it goes.</summary>
/// <remarks>
/// Rules, e2fsck's.
/// (1) A node begins with the magic, has no more entries than room, and room for what fits in its place, or up to two entries less.
/// (2) A child's depth is its parent's less one, and is read as if it were. Damage that goes round in circles thus ends, and no block
/// is followed twice.
/// (3) A child begins at the logical block that its index says. e2fsck takes the first entry as the beginning.
/// (4) Entries ascend and do not overlap; they end before the next index begins.
/// (5) A leaf's blocks are on the volume, and are not none. Directories have no unwritten ones.
/// (6) A tree that has a level of indexes has at least one.
/// </remarks>
internal sealed class ExtentReader(Volume volume, MapScan scan)
{
    private uint _inodeSeed;

    /// <summary>Reads the tree whose root is <paramref name="root"/>: the 60 bytes of i_block.</summary>
    public void Read(ReadOnlySpan<byte> root, uint inodeSeed)
    {
        _inodeSeed = inodeSeed;
        ExtentHeader header = MemoryMarshal.Read<ExtentHeader>(root);
        int depth = header.Depth;
        var place = new FindingPlace(FindingStructure.ExtentTree, scan.Inode);
        if (!IsHeader(header, root.Length) || depth > ExtentHeader.MaxDepth) // (1)
        {
            Report(FindingCode.ExtentHeaderInvalid, place, $"the root's magic, counts or depth cannot be ({Describe(header)})");
            return;
        }

        ReadNode(root, depth, 0, 1L << 32, place);
    }

    private void ReadNode(ReadOnlySpan<byte> node, int depth, long firstBlock, long endBlock, FindingPlace place)
    {
        ref readonly ExtentHeader header = ref MemoryMarshal.AsRef<ExtentHeader>(node);
        ReadOnlySpan<byte> entries = node.Slice(ExtentHeader.SizeBytes, header.EntriesCount.Value * ExtentHeader.SizeBytes);
        if (entries.IsEmpty && (depth > 0 || place.Block >= 0)) // (6)
            Report(FindingCode.ExtentHeaderInvalid, place, $"a node of depth {depth} should have entries, found none");
        if (depth == 0)
            ReadLeaves(MemoryMarshal.Cast<byte, ExtentLeaf>(entries), firstBlock, endBlock, place);
        else
            ReadIndexes(MemoryMarshal.Cast<byte, ExtentIndex>(entries), depth, firstBlock, endBlock, place);
    }

    private void ReadLeaves(ReadOnlySpan<ExtentLeaf> leaves, long firstBlock, long endBlock, FindingPlace place)
    {
        if (leaves.Length > 0 && place.Block >= 0 && leaves[0].LogicalBlock.Value != firstBlock) // (3)
            Report(
                FindingCode.ExtentBoundsInvalid, At(place, 0),
                $"the node should begin at logical block {firstBlock}, found {leaves[0].LogicalBlock.Value}");
        long next = 0;
        for (int i = 0; i < leaves.Length; i++)
        {
            ref readonly ExtentLeaf leaf = ref leaves[i];
            uint logical = leaf.LogicalBlock;
            if (leaf.LengthBlocks == 0) // (5)
                Report(FindingCode.ExtentLengthInvalid, At(place, i), $"the extent of logical block {logical} has no blocks");
            else if (!volume.Geometry.IsBlockRange(leaf.StartBlock, leaf.LengthBlocks)) // (5)
                Report(
                    FindingCode.BlockNumberInvalid, At(place, i),
                    $"the extent of logical block {logical} lies at {leaf.StartBlock}+{leaf.LengthBlocks}, "
                        + $"the volume ends at {volume.Geometry.BlocksCount}");
            else if (logical < next) // (4)
                Report(
                    FindingCode.ExtentOrderInvalid, At(place, i),
                    $"the extent of logical block {logical} should begin at {next} or behind it");
            else if (leaf.EndLogicalBlock > endBlock) // (4)
                Report(
                    FindingCode.ExtentBoundsInvalid, At(place, i),
                    $"the extent of logical block {logical} should end before {endBlock}, found {leaf.EndLogicalBlock}");
            else
                AddLeaf(leaf, At(place, i));
            next = Math.Max(next, leaf.EndLogicalBlock);
        }
    }

    private void AddLeaf(in ExtentLeaf leaf, FindingPlace place)
    {
        if (leaf.IsUnwritten && scan.IsDirectory) // (5)
            Report(
                FindingCode.UnwrittenDirectoryBlock, place,
                $"the extent of logical block {leaf.LogicalBlock.Value} of a directory should be written");
        scan.AddRun(new MappedRun(leaf.LogicalBlock, (uint)leaf.LengthBlocks, leaf.StartBlock, !leaf.IsUnwritten));
    }

    private void ReadIndexes(ReadOnlySpan<ExtentIndex> indexes, int depth, long firstBlock, long endBlock, FindingPlace place)
    {
        if (indexes.Length > 0 && place.Block >= 0 && indexes[0].LogicalBlock.Value != firstBlock) // (3)
            Report(
                FindingCode.ExtentBoundsInvalid, At(place, 0),
                $"the node should begin at logical block {firstBlock}, found {indexes[0].LogicalBlock.Value}");
        long next = 0;
        for (int i = 0; i < indexes.Length; i++)
        {
            ref readonly ExtentIndex index = ref indexes[i];
            uint logical = index.LogicalBlock;
            if (logical < next) // (4)
                Report(
                    FindingCode.ExtentOrderInvalid, At(place, i),
                    $"the index of logical block {logical} should begin at {next} or behind it");
            if (!volume.Geometry.IsBlockRange(index.ChildBlock, 1))
            {
                Report(
                    FindingCode.BlockNumberInvalid, At(place, i),
                    $"the node of logical block {logical} is block {index.ChildBlock}, the volume ends at {volume.Geometry.BlocksCount}");
                continue;
            }

            next = logical + 1L;
            long end = i + 1 < indexes.Length ? Math.Min(indexes[i + 1].LogicalBlock.Value, endBlock) : endBlock;
            if (scan.AddMapBlock(index.ChildBlock)) // (2)
                ReadChild(index.ChildBlock, depth - 1, logical, end);
        }
    }

    private void ReadChild(long block, int depth, long firstBlock, long endBlock)
    {
        var place = new FindingPlace(FindingStructure.ExtentTree, scan.Inode, -1, block);
        if (!TryReadNode(block, place, out ReadOnlySpan<byte> node))
            return;
        ExtentHeader header = MemoryMarshal.Read<ExtentHeader>(node);
        if (!IsHeader(header, volume.BlockSizeBytes)) // (1)
            Report(FindingCode.ExtentHeaderInvalid, place, $"the node's magic or counts cannot be ({Describe(header)})");
        else
        {
            if (header.Depth.Value != depth) // (2)
                Report(FindingCode.ExtentHeaderInvalid, place, $"the node's depth should be {depth}, found {header.Depth.Value}");
            ReadNode(node, depth, firstBlock, endBlock, place);
        }
    }

    /// <summary>
    /// Reads a node, verified where nodes have sums. Where the sum stands depends on eh_max; of a node that is undecided the usual one is
    /// assumed, so that looking at the head does not decide before the sum does.
    /// </summary>
    private bool TryReadNode(long block, FindingPlace place, out ReadOnlySpan<byte> node)
    {
        long offsetBytes = volume.Geometry.BlockOffsetBytes(block);
        if (!volume.HasMetadataChecksum)
        {
            node = volume.Source.Read(offsetBytes, volume.BlockSizeBytes);
            return true;
        }

        int room = ExtentHeader.BlockMaxEntriesCount(volume.BlockSizeBytes);
        if (volume.Source.IsDecided(offsetBytes, ExtentHeader.SizeBytes))
        {
            ExtentHeader header = MemoryMarshal.Read<ExtentHeader>(volume.Source.Read(offsetBytes, ExtentHeader.SizeBytes));
            if (!IsHeader(header, volume.BlockSizeBytes)) // (1)
            {
                Report(FindingCode.ExtentHeaderInvalid, place, $"the node's magic or counts cannot be ({Describe(header)})");
                scan.Unknown();
                node = default;
                return false;
            }

            room = header.MaxEntriesCount;
        }

        if (volume.TryReadVerified(offsetBytes, volume.BlockSizeBytes, Ext4Checksums.ExtentBlock(_inodeSeed, offsetBytes, room), out node))
            return true;
        Report(FindingCode.ExtentChecksumMismatch, place, "the node's sum does not match");
        scan.Unknown();
        return false;
    }

    private static bool IsHeader(in ExtentHeader header, int lengthBytes)
    {
        int most = (lengthBytes - ExtentHeader.SizeBytes) / ExtentHeader.SizeBytes;
        int room = header.MaxEntriesCount;
        return header.Magic.Value == ExtentHeader.ExpectedMagic && header.EntriesCount.Value <= room && room <= most && room >= most - 2;
    }

    private static string Describe(in ExtentHeader header) =>
        $"magic 0x{header.Magic.Value:X4}, {header.EntriesCount.Value} of {header.MaxEntriesCount.Value} entries, "
            + $"depth {header.Depth.Value}";

    private static FindingPlace At(FindingPlace place, int entry) => place with { OffsetBytes = ExtentHeader.SizeBytes * (entry + 1) };

    private void Report(FindingCode code, FindingPlace place, string text) => scan.Findings.Add(code, place, text);
}
