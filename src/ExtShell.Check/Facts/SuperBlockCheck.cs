using System.Runtime.InteropServices;
using ExtShell.Format.Checksums;
using ExtShell.Format.Errors;
using ExtShell.Format.Layout;
using ExtShell.Format.OnDisk;
using ExtShell.Format.Sources;

namespace ExtShell.Check.Facts;

/// <summary>Reads the superblock, and checks what it says of itself (ext4 disk layout, "The Super Block"; e2fsck's pass 0).</summary>
internal static class SuperBlockCheck
{
    private const CompatibleFeatures KnownCompatible = CompatibleFeatures.DirectoryPreallocation | CompatibleFeatures.ImagicInodes
        | CompatibleFeatures.HasJournal | CompatibleFeatures.ExtendedAttributes | CompatibleFeatures.ResizeInode
        | CompatibleFeatures.DirectoryIndex
        | CompatibleFeatures.LazyBlockGroups | CompatibleFeatures.SparseSuper2 | CompatibleFeatures.FastCommit
        | CompatibleFeatures.StableInodes | CompatibleFeatures.OrphanFile;

    private const IncompatibleFeatures KnownIncompatible = IncompatibleFeatures.FileType | IncompatibleFeatures.NeedsRecovery
        | IncompatibleFeatures.MetaBlockGroups | IncompatibleFeatures.Extents | IncompatibleFeatures.Bits64
        | IncompatibleFeatures.JournalDevice
        | IncompatibleFeatures.MultipleMountProtection | IncompatibleFeatures.FlexibleBlockGroups | IncompatibleFeatures.AttributeInodes
        | IncompatibleFeatures.ChecksumSeed | IncompatibleFeatures.LargeDirectory | IncompatibleFeatures.InlineData
        | IncompatibleFeatures.Encryption | IncompatibleFeatures.CaseFolding;

    private const ReadOnlyCompatibleFeatures KnownReadOnly = ReadOnlyCompatibleFeatures.SparseSuper | ReadOnlyCompatibleFeatures.LargeFile
        | ReadOnlyCompatibleFeatures.HugeFile | ReadOnlyCompatibleFeatures.GroupDescriptorChecksum
        | ReadOnlyCompatibleFeatures.DirectoryLinksUnlimited | ReadOnlyCompatibleFeatures.ExtraInodeSize | ReadOnlyCompatibleFeatures.Quota
        | ReadOnlyCompatibleFeatures.BigAllocation | ReadOnlyCompatibleFeatures.MetadataChecksum | ReadOnlyCompatibleFeatures.ReadOnly
        | ReadOnlyCompatibleFeatures.Project | ReadOnlyCompatibleFeatures.SharedBlocks | ReadOnlyCompatibleFeatures.Verity
        | ReadOnlyCompatibleFeatures.OrphanPresent;

    private const IncompatibleFeatures IncompatibleNotChecked = IncompatibleFeatures.AttributeInodes | IncompatibleFeatures.Encryption
        | IncompatibleFeatures.CaseFolding | IncompatibleFeatures.MultipleMountProtection;

    private const ReadOnlyCompatibleFeatures ReadOnlyNotChecked = ReadOnlyCompatibleFeatures.Quota | ReadOnlyCompatibleFeatures.Project
        | ReadOnlyCompatibleFeatures.BigAllocation | ReadOnlyCompatibleFeatures.SharedBlocks | ReadOnlyCompatibleFeatures.Verity;

    private const uint Hurd = 1;
    private const int LargestDescriptorSize = 1024;
    private const int LargestLogGroupsPerFlex = 31;
    private const int FirstErrorField = 0x194;
    private const int EndErrorField = 0x200;
    private const int FirstErrorTail = 0x278;
    private const int EndErrorTail = 0x27C;
    private static readonly FindingPlace Place = new(FindingStructure.SuperBlock);

    /// <summary>The volume; null if its superblock is damaged so that nothing else can be looked at.</summary>
    /// <exception cref="CorruptionException">There is no ext superblock at all.</exception>
    /// <exception cref="FileSystemException">It is an external journal's.</exception>
    public static Volume? Read(IByteSource image, FindingList findings)
    {
        const long offsetBytes = SuperBlock.OffsetBytes;
        if (image.LengthBytes < offsetBytes + SuperBlock.SizeBytes)
            throw new CorruptionException(offsetBytes, "superblock", "the image's length", "at least 2048 bytes", $"{image.LengthBytes}");
        SuperBlock superBlock = MemoryMarshal.Read<SuperBlock>(image.Read(offsetBytes, SuperBlock.SizeBytes));
        if (superBlock.Magic.Value != SuperBlock.ExpectedMagic)
        {
            throw new CorruptionException(
                offsetBytes, "superblock", "s_magic", $"0x{SuperBlock.ExpectedMagic:X4}", $"0x{superBlock.Magic.Value:X4}");
        }

        if (superBlock.Has(ReadOnlyCompatibleFeatures.MetadataChecksum) && !TryReadVerified(image, out superBlock))
        {
            ReportMismatch(findings);
            return null;
        }

        if (!AreFeaturesKnown(superBlock, findings))
            return null;
        if (superBlock.Has(ReadOnlyCompatibleFeatures.MetadataChecksum) && superBlock.ChecksumType != SuperBlock.ChecksumTypeCrc32C)
        {
            findings.Add(
                FindingCode.SuperBlockFieldInvalid, Place,
                $"s_checksum_type should be {SuperBlock.ChecksumTypeCrc32C}, found {superBlock.ChecksumType}");
            return null;
        }

        try
        {
            VolumeGeometry geometry = VolumeGeometry.From(superBlock, image.LengthBytes);
            return new Volume(image, geometry, superBlock);
        }
        catch (CorruptionException damage)
        {
            findings.Add(FindingCode.SuperBlockFieldInvalid, Place, $"{damage.Field} should be {damage.Expected}, found {damage.Found}");
            return null;
        }
    }

    /// <summary>Reads the superblock of a state whose base has sums; false if it does not match.</summary>
    public static bool TryReadVerified(IByteSource image, out SuperBlock superBlock)
    {
        superBlock = default;
        ChecksumRule rule = Ext4Checksums.SuperBlock(SuperBlock.OffsetBytes);
        if (!image.TryReadVerified(SuperBlock.OffsetBytes, SuperBlock.SizeBytes, rule, out ReadOnlySpan<byte> bytes))
            return false;
        superBlock = MemoryMarshal.Read<SuperBlock>(bytes);
        return true;
    }

    public static void ReportMismatch(FindingList findings) =>
        findings.Add(FindingCode.SuperBlockChecksumMismatch, Place, "the superblock's sum does not match");

    /// <summary>
    /// Whether two superblocks differ in nothing but what may change without anything else being read differently: totals, times, state,
    /// errors, the head of the orphans, and whether recovery is due.
    /// </summary>
    public static bool IsSameLayout(SuperBlock left, SuperBlock right)
    {
        ClearVolatile(ref left);
        ClearVolatile(ref right);
        ReadOnlySpan<byte> leftBytes = MemoryMarshal.AsBytes(new ReadOnlySpan<SuperBlock>(in left));
        return leftBytes.SequenceEqual(MemoryMarshal.AsBytes(new ReadOnlySpan<SuperBlock>(in right)));
    }

    private static void ClearVolatile(ref SuperBlock super)
    {
        Span<byte> bytes = MemoryMarshal.AsBytes(new Span<SuperBlock>(ref super));
        super.FreeBlocksCount = 0;
        super.FreeBlocksCountHigh = 0;
        super.FreeInodesCount = 0;
        super.MountTime = super.WriteTime = super.LastCheck = 0;
        super.MountCount = super.MaxMountCount = 0;
        super.State = 0;
        super.LastMounted = default;
        super.LastOrphan = 0;
        super.JournalBlocks = default;
        super.KibibytesWritten = 0;
        super.MountOptions = default;
        super.OverheadClusters = 0;
        super.Checksum = 0;
        super.Incompatible &= ~IncompatibleFeatures.NeedsRecovery;
        super.ReadOnlyCompatible &= ~ReadOnlyCompatibleFeatures.OrphanPresent;
        bytes[FirstErrorField..EndErrorField].Clear();
        bytes[FirstErrorTail..EndErrorTail].Clear();
    }

    /// <summary>Checks the fields that may change without changing the geometry.</summary>
    public static void CheckFields(Volume volume, FindingList findings)
    {
        ref readonly SuperBlock super = ref volume.SuperBlock;
        CheckCombinations(super, findings);
        if (super.ReservedBlocksCount > super.BlocksCount / 2)
            Report(
                FindingCode.SuperBlockFieldInvalid,
                $"s_r_blocks_count should be at most half of {super.BlocksCount}, found {super.ReservedBlocksCount}");
        CheckClusters(super, findings);
        bool hasHint = ((SuperBlockFlags)super.Flags.Value & (SuperBlockFlags.SignedHash | SuperBlockFlags.UnsignedHash)) != 0;
        if (super.Has(CompatibleFeatures.DirectoryIndex) && !hasHint)
            Report(FindingCode.DirectoryHashHintMissing, "s_flags should say whether names are hashed as signed or unsigned bytes");
        int most = volume.Geometry.InodeSizeBytes - InodeRecord.ShortSizeBytes;
        if (!IsExtraSize(super.MinExtraInodeSize, most) || !IsExtraSize(super.WantExtraInodeSize, most))
        {
            Report(
                FindingCode.SuperBlockFieldInvalid,
                $"s_min_extra_isize and s_want_extra_isize should be 4 to {most} by 4, "
                + $"found {super.MinExtraInodeSize.Value} and {super.WantExtraInodeSize.Value}");
        }

        if (super.CreatorOs.Value == Hurd)
            Report(FindingCode.SuperBlockFieldInvalid, "s_creator_os is the Hurd's, which lays inodes out otherwise");
        if ((super.MountState & MountState.Clean) == 0 || (super.MountState & MountState.Errors) != 0)
            Report(FindingCode.VolumeNotClean, $"s_state should be clean without errors, found 0x{super.State.Value:X}");
        foreach (string name in NotChecked(super))
            Report(FindingCode.FeatureNotChecked, $"what {name} adds is not checked");

        void Report(FindingCode code, string text) => findings.Add(code, Place, text);
    }

    private static bool IsExtraSize(int sizeBytes, int mostBytes) =>
        mostBytes == 0 || sizeBytes == 0 || (sizeBytes >= 4 && sizeBytes <= mostBytes && sizeBytes % 4 == 0);

    private static void CheckClusters(in SuperBlock super, FindingList findings)
    {
        if (!super.Has(ReadOnlyCompatibleFeatures.BigAllocation)
            && (super.LogClusterSize.Value != super.LogBlockSize.Value || super.ClustersPerGroup.Value != super.BlocksPerGroup.Value))
            findings.Add(
                FindingCode.SuperBlockFieldInvalid, Place,
                $"clusters should be blocks, found {super.ClustersPerGroup.Value} in a group, "
                    + $"s_log_cluster_size {super.LogClusterSize.Value}");
        if (super.DescriptorSize.Value > LargestDescriptorSize || (super.DescriptorSize.Value & (super.DescriptorSize.Value - 1)) != 0)
            findings.Add(
                FindingCode.SuperBlockFieldInvalid, Place,
                $"s_desc_size should be a power of two up to {LargestDescriptorSize}, found {super.DescriptorSize.Value}");
        if (super.LogGroupsPerFlex > LargestLogGroupsPerFlex)
            findings.Add(
                FindingCode.SuperBlockFieldInvalid, Place,
                $"s_log_groups_per_flex should be at most {LargestLogGroupsPerFlex}, found {super.LogGroupsPerFlex}");
        if (super.Has(ReadOnlyCompatibleFeatures.Quota))
            return;
        foreach (uint inode in (ReadOnlySpan<uint>)[super.UserQuotaInode, super.GroupQuotaInode, super.ProjectQuotaInode])
        {
            if (inode is not (0 or InodeNumbers.UserQuota or InodeNumbers.GroupQuota))
                findings.Add(
                    FindingCode.SuperBlockFieldInvalid, Place,
                    $"no quota file should be named without quota, found inode {inode}");
        }
    }

    private static void CheckCombinations(in SuperBlock super, FindingList findings)
    {
        uint features = super.FeatureCompat.Value | super.FeatureIncompat.Value | super.FeatureReadOnlyCompat.Value;
        if (super.RevisionLevel.Value < SuperBlock.DynamicRevision && features != 0)
            findings.Add(FindingCode.FeatureCombinationInvalid, Place, "a volume of revision 0 has no features");
        if (super.Has(CompatibleFeatures.ResizeInode) && super.Has(IncompatibleFeatures.MetaBlockGroups))
            findings.Add(FindingCode.FeatureCombinationInvalid, Place, "resize_inode and meta_bg exclude each other");
        if (super.Has(ReadOnlyCompatibleFeatures.MetadataChecksum) && super.Has(ReadOnlyCompatibleFeatures.GroupDescriptorChecksum))
            findings.Add(FindingCode.FeatureCombinationInvalid, Place, "metadata_csum and uninit_bg exclude each other");
        if (super.Has(IncompatibleFeatures.Bits64) && !super.Has(IncompatibleFeatures.Extents) && super.BlocksCount > uint.MaxValue)
            findings.Add(FindingCode.FeatureCombinationInvalid, Place, "a volume of more than 2^32 blocks needs extents");
        if (!super.Has(CompatibleFeatures.ResizeInode) && super.ReservedGdtBlocks.Value != 0)
            findings.Add(
                FindingCode.FeatureCombinationInvalid, Place,
                $"s_reserved_gdt_blocks should be 0 without resize_inode, found {super.ReservedGdtBlocks.Value}");
    }

    private static bool AreFeaturesKnown(in SuperBlock super, FindingList findings)
    {
        IReadOnlyList<string> unknown = FeatureNames.All(
            super.Compatible & ~KnownCompatible, super.Incompatible & ~KnownIncompatible, super.ReadOnlyCompatible & ~KnownReadOnly);
        if (unknown.Count == 0)
            return true;
        findings.Add(FindingCode.FeatureUnknown, Place, $"the features {string.Join(", ", unknown)} are not known");
        return false;
    }

    private static IReadOnlyList<string> NotChecked(in SuperBlock super) => FeatureNames.All(
        CompatibleFeatures.None, super.Incompatible & IncompatibleNotChecked, super.ReadOnlyCompatible & ReadOnlyNotChecked);
}
