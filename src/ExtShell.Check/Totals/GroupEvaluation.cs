using ExtShell.Check.Facts;
using ExtShell.Format.Checksums;
using ExtShell.Format.Layout;

namespace ExtShell.Check.Totals;

/// <summary>Checks a group's bitmaps against what is claimed and used, and its counts against its bitmaps (e2fsck's pass 5).</summary>
/// <remarks>
/// (1) A bitmap that was never written follows from the layout, or is empty.
/// (2) A bitmap whose sum does not match is not looked at; what is free is then what the descriptor says.
/// (3) Where something could not be read, blocks and inodes that are marked and nobody claims may be its.
/// (4) Bits behind the last block or inode are set.
/// </remarks>
internal sealed class GroupEvaluation(VolumeView view)
{
    private const int MostRunsNamed = 4;
    private readonly FindingList _findings = new();
    private readonly byte[] _expected = new byte[view.Volume.BlockSizeBytes];
    private readonly byte[] _derived = new byte[view.Volume.BlockSizeBytes];

    /// <summary>Checks the group; its counts are what it adds to the volume's totals.</summary>
    public Finding[] Evaluate(int group, out GroupCounts counts)
    {
        GroupFacts facts = view.Group(group);
        counts = new GroupCounts(facts.IsUnreadable ? 0 : facts.FreeBlocksCount, facts.IsUnreadable ? 0 : facts.FreeInodesCount);
        if (facts.IsUnreadable)
            return facts.Findings;
        if (view.Volume.HasSimpleBitmaps)
            counts = counts with { FreeBlocks = CheckBlocks(facts) };
        counts = counts with { FreeInodes = CheckInodes(facts) };
        Finding[] found = _findings.Take();
        return facts.Findings.Length == 0 ? found : [.. facts.Findings, .. found];
    }

    private int CheckBlocks(GroupFacts facts)
    {
        VolumeGeometry geometry = view.Volume.Geometry;
        int length = geometry.BlocksInGroup(facts.Group);
        var place = new FindingPlace(FindingStructure.BlockBitmap, 0, facts.Group, facts.BlockBitmap);
        if (!TryReadBlockBitmap(facts, place, out ReadOnlySpan<byte> actual))
            return facts.FreeBlocksCount;
        ReadOnlySpan<byte> expected = ExpectedBlocks(facts.Group);
        Compare(expected, actual, length, geometry.GroupFirstBlock(facts.Group), FindingCode.BlockBitmapDifference, place, "block");
        if (!facts.HasNoBlockBitmap)
            CheckPadding(actual, length, geometry.BlocksPerGroup, FindingCode.BlockBitmapPadding, place);
        int free = length - Bits.Count(actual, length);
        if (free != facts.FreeBlocksCount)
            _findings.Add(
                FindingCode.FreeBlocksCountWrong, Descriptor(facts),
                $"bg_free_blocks_count should be {free}, found {facts.FreeBlocksCount}");
        return free;
    }

    private bool TryReadBlockBitmap(GroupFacts facts, FindingPlace place, out ReadOnlySpan<byte> bitmap)
    {
        Volume volume = view.Volume;
        if (facts.HasNoBlockBitmap) // (1)
        {
            DeriveBlocks(facts.Group);
            bitmap = _derived;
            return true;
        }

        long offsetBytes = volume.Geometry.BlockOffsetBytes(facts.BlockBitmap);
        if (!volume.HasMetadataChecksum)
        {
            bitmap = volume.ReadBlock(facts.BlockBitmap);
            return true;
        }

        ChecksumRule rule = Ext4Checksums.BlockBitmap(volume.Geometry, offsetBytes, volume.Geometry.DescriptorOffsetBytes(facts.Group));
        if (volume.TryReadVerified(offsetBytes, volume.BlockSizeBytes, rule, out bitmap))
            return true;
        _findings.Add(FindingCode.BlockBitmapChecksumMismatch, place, "the bitmap's sum does not match"); // (2)
        return false;
    }

    private int CheckInodes(GroupFacts facts)
    {
        VolumeGeometry geometry = view.Volume.Geometry;
        int length = geometry.InodesPerGroup;
        var place = new FindingPlace(FindingStructure.InodeBitmap, 0, facts.Group, facts.InodeBitmap);
        CheckDirectories(facts);
        if (!TryReadInodeBitmap(facts, place, out ReadOnlySpan<byte> actual))
            return facts.FreeInodesCount;
        ReadOnlySpan<byte> expected = ExpectedInodes(facts.Group, actual);
        Compare(expected, actual, length, geometry.GroupFirstInode(facts.Group), FindingCode.InodeBitmapDifference, place, "inode");
        if (!facts.HasNoInodeBitmap)
            CheckPadding(actual, length, view.Volume.BlockSizeBytes * 8, FindingCode.InodeBitmapPadding, place);
        int free = length - Bits.Count(actual, length);
        if (free != facts.FreeInodesCount)
            _findings.Add(
                FindingCode.FreeInodesCountWrong, Descriptor(facts),
                $"bg_free_inodes_count should be {free}, found {facts.FreeInodesCount}");
        return free;
    }

    private bool TryReadInodeBitmap(GroupFacts facts, FindingPlace place, out ReadOnlySpan<byte> bitmap)
    {
        Volume volume = view.Volume;
        if (facts.HasNoInodeBitmap) // (1)
        {
            Array.Clear(_derived);
            bitmap = _derived;
            return true;
        }

        long offsetBytes = volume.Geometry.BlockOffsetBytes(facts.InodeBitmap);
        if (!volume.HasMetadataChecksum)
        {
            bitmap = volume.ReadBlock(facts.InodeBitmap);
            return true;
        }

        ChecksumRule rule = Ext4Checksums.InodeBitmap(volume.Geometry, offsetBytes, volume.Geometry.DescriptorOffsetBytes(facts.Group));
        if (volume.TryReadVerified(offsetBytes, volume.BlockSizeBytes, rule, out bitmap))
            return true;
        _findings.Add(FindingCode.InodeBitmapChecksumMismatch, place, "the bitmap's sum does not match"); // (2)
        return false;
    }

    private void CheckDirectories(GroupFacts facts)
    {
        int count = view.Base.DirectoryCounts[facts.Group];
        foreach ((uint inode, InodeFacts? changed) in view.ChangedInodes)
        {
            if (view.Volume.Geometry.GroupOfInode(inode) != facts.Group)
                continue;
            count -= view.Base.Inodes.TryGetValue(inode, out InodeFacts? before) && before.IsDirectory ? 1 : 0;
            count += changed is { IsDirectory: true } ? 1 : 0;
        }

        if (count != facts.DirectoriesCount && !(view.UnknownCount > 0 && count < facts.DirectoriesCount)) // (3)
            _findings.Add(
                FindingCode.DirectoriesCountWrong, Descriptor(facts),
                $"bg_used_dirs_count should be {count}, found {facts.DirectoriesCount}");
    }

    private ReadOnlySpan<byte> ExpectedBlocks(int group)
    {
        byte[] claimed = view.Base.ClaimedBlocks(group);
        long first = view.Volume.Geometry.GroupFirstBlock(group);
        long end = first + view.Volume.Geometry.BlocksInGroup(group);
        bool isCopied = false;
        foreach (ClaimPiece piece in view.Claims.Pieces)
        {
            if (piece.EndBlock <= first || piece.Block >= end || (piece.CountBefore == 0) == (piece.Count == 0))
                continue;
            if (!isCopied)
                claimed.CopyTo(_expected, 0);
            isCopied = true;
            int from = (int)(Math.Max(first, piece.Block) - first);
            int count = (int)(Math.Min(end, piece.EndBlock) - first) - from;
            if (piece.Count > 0)
                Bits.Set(_expected, from, count);
            else
                Bits.Clear(_expected, from, count);
        }

        return isCopied ? _expected : claimed;
    }

    private ReadOnlySpan<byte> ExpectedInodes(int group, ReadOnlySpan<byte> actual)
    {
        byte[] used = view.Base.UsedInodes(group);
        if (view.ChangedInodes.Count == 0 && view.UnknownCount == 0)
            return used;
        VolumeGeometry geometry = view.Volume.Geometry;
        used.CopyTo(_expected, 0);
        foreach (uint inode in view.Base.Unreadable)
        {
            if (geometry.GroupOfInode(inode) == group && !Bits.Get(actual, geometry.IndexOfInode(inode)))
                Bits.Clear(_expected, geometry.IndexOfInode(inode), 1);
        }

        foreach ((uint inode, InodeFacts? changed) in view.ChangedInodes)
        {
            if (geometry.GroupOfInode(inode) != group || inode < geometry.FirstInode)
                continue;
            int index = geometry.IndexOfInode(inode);
            bool isUsed = changed is { IsUnreadable: true } ? Bits.Get(actual, index) : changed is { IsFree: false };
            if (isUsed)
                Bits.Set(_expected, index, 1);
            else
                Bits.Clear(_expected, index, 1);
        }

        return _expected;
    }

    private void DeriveBlocks(int group)
    {
        VolumeGeometry geometry = view.Volume.Geometry;
        Array.Clear(_derived);
        long first = geometry.GroupFirstBlock(group);
        long end = first + geometry.BlocksInGroup(group);
        BlockClaim[] claims = view.Base.Layout.Claims;
        int low = 0;
        int high = claims.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (claims[middle].EndBlock <= first)
                low = middle + 1;
            else
                high = middle;
        }

        for (; low < claims.Length && claims[low].Block < end; low++)
        {
            int from = (int)(Math.Max(first, claims[low].Block) - first);
            Bits.Set(_derived, from, (int)(Math.Min(end, claims[low].EndBlock) - first) - from);
        }
    }

    private void Compare(
        ReadOnlySpan<byte> expected, ReadOnlySpan<byte> actual, int length, long first, FindingCode code, FindingPlace place, string what)
    {
        int bit = Bits.NextDifference(expected, actual, 0, length);
        if (bit == length)
            return;
        var missing = new RunText(MostRunsNamed);
        var surplus = new RunText(MostRunsNamed);
        for (; bit < length; bit = Bits.NextDifference(expected, actual, bit + 1, length))
            (Bits.Get(expected, bit) ? missing : surplus).Add(first + bit);
        if (missing.Count > 0)
            _findings.Add(code, place, $"in use and not marked: {what} {missing}");
        if (surplus.Count > 0 && view.UnknownCount == 0) // (3)
            _findings.Add(code, place, $"marked and not in use: {what} {surplus}");
    }

    private void CheckPadding(ReadOnlySpan<byte> bitmap, int length, int end, FindingCode code, FindingPlace place) // (4)
    {
        int set = Bits.Count(bitmap, end) - Bits.Count(bitmap, length);
        if (set != end - length)
            _findings.Add(code, place, $"the {end - length} bits behind the last one should be set, found {set}");
    }

    private static FindingPlace Descriptor(GroupFacts facts) => new(FindingStructure.GroupDescriptor, 0, facts.Group);
}
