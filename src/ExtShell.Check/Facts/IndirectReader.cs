using System.Runtime.InteropServices;
using ExtShell.Format.Endian;

namespace ExtShell.Check.Facts;

/// <summary>
/// Reads a block map: twelve direct block numbers, then one block each of single, double and triple indirection (ext4 disk layout,
/// "Direct/Indirect Block Addressing"). A number of 0 is a hole. All numbers must be on the volume, and no block is followed twice.
/// </summary>
internal sealed class IndirectReader(Volume volume, MapScan scan)
{
    private const int DirectCount = 12;
    private bool _mayRepeat;
    private readonly int _perBlock = volume.BlockSizeBytes / 4;

    /// <summary>Reads the map whose fifteen numbers are <paramref name="root"/>.</summary>
    /// <param name="root">The numbers.</param>
    /// <param name="mayRepeat">
    /// Whether a block is followed again where it is named again, up to the volume's blocks in all: to count what the resize inode maps.
    /// </param>
    public void Read(ReadOnlySpan<byte> root, bool mayRepeat)
    {
        _mayRepeat = mayRepeat;
        ReadOnlySpan<Le32> numbers = MemoryMarshal.Cast<byte, Le32>(root);
        var place = new FindingPlace(FindingStructure.BlockMap, scan.Inode);
        for (int i = 0; i < DirectCount; i++)
            AddData(numbers[i], i, place, i);
        long first = DirectCount;
        long reach = _perBlock;
        for (int level = 1; level <= 3; level++, first += reach, reach *= _perBlock)
            Follow(numbers[DirectCount + level - 1], level, first, place, DirectCount + level - 1);
    }

    private void Follow(uint block, int level, long firstBlock, FindingPlace place, int index)
    {
        if (block == 0 || !IsOnVolume(block, firstBlock, place, index))
            return;
        if (!scan.AddMapBlock(block) && (!_mayRepeat || scan.BlocksCount > volume.Geometry.BlocksCount))
            return;
        ReadOnlySpan<Le32> numbers = MemoryMarshal.Cast<byte, Le32>(volume.ReadBlock(block));
        var inside = new FindingPlace(FindingStructure.BlockMap, scan.Inode, -1, block);
        long reach = 1;
        for (int i = 1; i < level; i++)
            reach *= _perBlock;
        for (int i = 0; i < numbers.Length; i++)
        {
            if (level == 1)
                AddData(numbers[i], firstBlock + i, inside, i);
            else
                Follow(numbers[i], level - 1, firstBlock + (i * reach), inside, i);
        }
    }

    private void AddData(uint block, long logicalBlock, FindingPlace place, int index)
    {
        if (block != 0 && IsOnVolume(block, logicalBlock, place, index) && logicalBlock <= uint.MaxValue)
            scan.AddRun(new MappedRun((uint)logicalBlock, 1, block, true));
    }

    private bool IsOnVolume(uint block, long logicalBlock, FindingPlace place, int index)
    {
        if (volume.Geometry.IsBlockRange(block, 1))
            return true;
        scan.Findings.Add(
            FindingCode.BlockNumberInvalid, place with { OffsetBytes = index * 4 },
            $"logical block {logicalBlock} is at block {block}, the volume goes from {volume.Geometry.FirstDataBlock} to "
                + $"{volume.Geometry.BlocksCount}");
        return false;
    }
}
