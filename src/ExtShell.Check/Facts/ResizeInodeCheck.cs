using System.Runtime.InteropServices;
using ExtShell.Format.Endian;
using ExtShell.Format.Layout;
using ExtShell.Format.OnDisk;

namespace ExtShell.Check.Facts;

/// <summary>
/// Checks the inode that keeps blocks for growing the group descriptors. Of its map only the double indirect block is its own; that names
/// the kept blocks behind the descriptors of the first copy, each at its place among the descriptor blocks, and each of these names its
/// twins behind the other copies. As e2fsck does, the first quarter of the kept blocks is looked at.
/// </summary>
internal static class ResizeInodeCheck
{
    private const int DoubleIndirect = 13;
    private const int NumbersCount = 15;
    private const int CheckedPart = 4;

    /// <summary>The blocks that no other structure owns.</summary>
    public static BlockClaim[] OwnBlocks(Volume volume, in InodeRecord record)
    {
        long block = DoubleIndirectBlock(record);
        return volume.Geometry.IsBlockRange(block, 1) ? [new BlockClaim(block, 1, ClaimKind.Map)] : [];
    }

    /// <summary>Checks map and mode.</summary>
    public static Finding[] Check(Volume volume, in InodeRecord record)
    {
        var findings = new FindingList();
        var place = new FindingPlace(FindingStructure.Inode, InodeNumbers.Resize);
        ReadOnlySpan<Le32> numbers = MemoryMarshal.Cast<byte, Le32>((ReadOnlySpan<byte>)record.Block);
        bool hasOthers = false;
        for (int i = 0; i < NumbersCount; i++)
            hasOthers |= i != DoubleIndirect && numbers[i].Value != 0;
        long block = DoubleIndirectBlock(record);
        if (hasOthers || !record.IsRegular || record.LinksCount.Value == 0 || !volume.Geometry.IsBlockRange(block, 1))
            findings.Add(
                FindingCode.ResizeInodeInvalid, place,
                "it should be a regular file that has a double indirect block and no other");
        else
            CheckKept(volume, block, findings, place);
        return findings.Take();
    }

    private static void CheckKept(Volume volume, long doubleIndirect, FindingList findings, FindingPlace place)
    {
        VolumeGeometry geometry = volume.Geometry;
        int perBlock = volume.BlockSizeBytes / 4;
        long first = geometry.SuperBlockBlock(0) + 1 + geometry.DescriptorBlocksCount;
        ReadOnlySpan<Le32> kept = MemoryMarshal.Cast<byte, Le32>(volume.ReadBlock(doubleIndirect));
        for (int i = 0; i < geometry.ReservedGdtBlocks / CheckedPart; i++)
        {
            long expected = first + i;
            uint found = kept[(geometry.DescriptorBlocksCount + i) % perBlock];
            if (found != expected || !geometry.IsBlockRange(expected, 1))
                findings.Add(FindingCode.ResizeInodeInvalid, place, $"block {expected} should be kept, found {found}");
            else
                CheckTwins(volume, expected, findings, place);
        }
    }

    private static void CheckTwins(Volume volume, long block, FindingList findings, FindingPlace place)
    {
        VolumeGeometry geometry = volume.Geometry;
        ReadOnlySpan<Le32> twins = MemoryMarshal.Cast<byte, Le32>(volume.ReadBlock(block));
        int index = 0;
        for (int group = 1; group < geometry.GroupCount && index < twins.Length; group++)
        {
            if (!geometry.HasSuperBlock(group))
                continue;
            long expected = block + ((long)group * geometry.BlocksPerGroup);
            if (twins[index].Value != expected)
            {
                findings.Add(
                    FindingCode.ResizeInodeInvalid, place,
                    $"the twin of block {block} in group {group} should be {expected}, found {twins[index].Value}");
                return;
            }

            index++;
        }
    }

    private static long DoubleIndirectBlock(in InodeRecord record) =>
        MemoryMarshal.Cast<byte, Le32>((ReadOnlySpan<byte>)record.Block)[DoubleIndirect].Value;
}
