using ExtShell.Format.Checksums;
using ExtShell.Format.Layout;
using ExtShell.Format.OnDisk;

namespace ExtShell.Check.Facts;

/// <summary>What a group descriptor says.</summary>
internal sealed class GroupFacts
{
    private const GroupFlags Uninitialized = GroupFlags.BlockUninitialized | GroupFlags.InodeUninitialized;
    private readonly GroupDescriptor _descriptor;
    private readonly bool _is64Bit;

    private GroupFacts(int group, in GroupDescriptor descriptor, bool is64Bit, bool isUnreadable, Finding[] findings)
    {
        Group = group;
        _descriptor = descriptor;
        _is64Bit = is64Bit;
        IsUnreadable = isUnreadable;
        Findings = findings;
    }

    public int Group { get; }

    /// <summary>
    /// Whether its sum does not match, or what it describes is not on the volume: then nothing of the group is looked at.
    /// </summary>
    public bool IsUnreadable { get; }

    public Finding[] Findings { get; }

    public long BlockBitmap => _descriptor.BlockBitmap(_is64Bit);

    public long InodeBitmap => _descriptor.InodeBitmap(_is64Bit);

    public long InodeTable => _descriptor.InodeTable(_is64Bit);

    public int FreeBlocksCount => _descriptor.FreeBlocksCount(_is64Bit);

    public int FreeInodesCount => _descriptor.FreeInodesCount(_is64Bit);

    public int DirectoriesCount => _descriptor.UsedDirectoriesCount(_is64Bit);

    /// <summary>Whether the block bitmap was never written, and follows from the layout.</summary>
    public bool HasNoBlockBitmap { get; private init; }

    /// <summary>Whether the inode bitmap was never written, and counts as empty.</summary>
    public bool HasNoInodeBitmap { get; private init; }

    /// <summary>How many inodes of the table may be in use; those behind were never written.</summary>
    public int UsableInodesCount { get; private init; }

    /// <summary>Whether the other descriptor places everything at the same blocks.</summary>
    public bool IsSamePlaces(GroupFacts other) =>
        BlockBitmap == other.BlockBitmap && InodeBitmap == other.InodeBitmap && InodeTable == other.InodeTable;

    /// <summary>Reads the descriptor of a group.</summary>
    public static GroupFacts Read(Volume volume, int group)
    {
        VolumeGeometry geometry = volume.Geometry;
        long offsetBytes = geometry.DescriptorOffsetBytes(group);
        var findings = new FindingList();
        var place = new FindingPlace(FindingStructure.GroupDescriptor, 0, group);
        ReadOnlySpan<byte> stored;
        if (!volume.HasUninitializedGroups)
            stored = volume.Source.Read(offsetBytes, geometry.DescriptorSizeBytes);
        else if (!volume.TryReadVerified(
            offsetBytes, geometry.DescriptorSizeBytes, Ext4Checksums.GroupDescriptor(geometry, group, offsetBytes), out stored))
        {
            findings.Add(FindingCode.DescriptorChecksumMismatch, place, "the descriptor's sum does not match");
            return new GroupFacts(group, default, geometry.Is64Bit, true, findings.Take());
        }

        return Of(volume, group, GroupDescriptor.Load(stored), findings, place);
    }

    private static GroupFacts Of(Volume volume, int group, in GroupDescriptor descriptor, FindingList findings, FindingPlace place)
    {
        VolumeGeometry geometry = volume.Geometry;
        bool is64Bit = geometry.Is64Bit;
        int tableBlocks = geometry.InodeTableBlocksCount;
        bool isPlaced = CheckPlace(volume, place, descriptor.BlockBitmap(is64Bit), 1, FindingCode.BlockBitmapLocationInvalid, findings)
            & CheckPlace(volume, place, descriptor.InodeBitmap(is64Bit), 1, FindingCode.InodeBitmapLocationInvalid, findings)
            & CheckPlace(volume, place, descriptor.InodeTable(is64Bit), tableBlocks, FindingCode.InodeTableLocationInvalid, findings);
        GroupFlags flags = descriptor.GroupFlags;
        int unused = descriptor.UnusedInodesCount(is64Bit);
        bool isUnusedSound = unused >= 0 && unused <= geometry.InodesPerGroup;
        if ((flags & GroupFlags.BlockUninitialized) != 0 && group == geometry.GroupCount - 1)
            findings.Add(FindingCode.DescriptorFlagsInvalid, place, "the last group should have a block bitmap");
        if (!isUnusedSound)
            findings.Add(
                FindingCode.DescriptorFlagsInvalid, place,
                $"at most {geometry.InodesPerGroup} inodes can be unused, found {unused}");
        else if (!volume.HasUninitializedGroups && (unused != 0 || (flags & Uninitialized) != 0))
            findings.Add(
                FindingCode.DescriptorFlagsInvalid, place,
                $"a group without a sum should be initialised, found flags 0x{(int)flags:X} and {unused} unused inodes");

        bool hasNoInodes = volume.HasUninitializedGroups && (flags & GroupFlags.InodeUninitialized) != 0;
        int usable = hasNoInodes ? 0
            : volume.HasUninitializedGroups && isUnusedSound ? geometry.InodesPerGroup - unused : geometry.InodesPerGroup;
        return new GroupFacts(group, descriptor, is64Bit, !isPlaced, findings.Take())
        {
            HasNoBlockBitmap = volume.HasUninitializedGroups && (flags & GroupFlags.BlockUninitialized) != 0,
            HasNoInodeBitmap = hasNoInodes,
            UsableInodesCount = usable,
        };
    }

    private static bool CheckPlace(Volume volume, FindingPlace place, long block, int lengthBlocks, FindingCode code, FindingList findings)
    {
        int group = place.Group;
        VolumeGeometry geometry = volume.Geometry;
        long first = geometry.FirstDataBlock;
        long end = geometry.BlocksCount;
        if (!volume.SuperBlock.Has(IncompatibleFeatures.FlexibleBlockGroups))
        {
            first = geometry.GroupFirstBlock(group);
            end = first + geometry.BlocksInGroup(group);
        }

        if (block >= first && block <= end - lengthBlocks)
            return true;
        findings.Add(code, place, $"{lengthBlocks} blocks should lie in {first} to {end - 1}, found {block}");
        return false;
    }
}
