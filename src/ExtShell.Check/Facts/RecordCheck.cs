using ExtShell.Format.Layout;
using ExtShell.Format.OnDisk;

namespace ExtShell.Check.Facts;

/// <summary>Checks the fields of an inode's record, without its map (ext4 disk layout, "Index Nodes"; e2fsck's pass 1).</summary>
internal sealed class RecordCheck(Volume volume, FindingList findings)
{
    private const int LeastExtraSize = 4;
    private const uint LastEpoch = 3;
    private const int BlockNumberBytes = 4;

    /// <summary>An inode that nobody uses.</summary>
    public void CheckFree(uint inode, in InodeRecord record)
    {
        CheckDeletionTime(inode, record);
        if (record.DeletionTime.Value == 0 && record.ModeValue.Value != 0)
            Report(
                FindingCode.DeletionTimeMissing, inode,
                $"a deleted inode should have a deletion time, found 0 with mode 0x{record.ModeValue.Value:X4}");
    }

    /// <summary>A reserved inode but the root.</summary>
    public void CheckReserved(uint inode, in InodeRecord record)
    {
        if (inode == InodeNumbers.Root)
            return;
        CheckDeletionTime(inode, record);
        CheckDirectoryFlags(inode, record);
        bool isRegular = record.IsRegular;
        bool isEmpty = record.ModeValue.Value == 0;
        ref readonly SuperBlock super = ref volume.SuperBlock;
        if (inode == InodeNumbers.Journal && super.Has(CompatibleFeatures.HasJournal) && super.JournalInode.Value == inode)
            Require(isRegular, FindingCode.JournalInodeInvalid, inode, "the journal should be a regular file", record);
        else if (IsUnusedFile(super, inode))
        {
            bool isBlank = !((ReadOnlySpan<byte>)record.Block)[..BlockNumberBytes].ContainsAnyExcept((byte)0);
            bool isUnused = record.LinksCount.Value == 0 && record.BlocksCount == 0 && isBlank;
            Require(
                isUnused, FindingCode.ReservedInodeInvalid, inode,
                "the inode of a journal or quota file that is not there should hold nothing", record);
        }
        else if (inode == InodeNumbers.BadBlocks)
        {
            bool isPlain = isEmpty && record.Uid == 0 && record.Gid == 0 && record.LinksCount.Value == 0
                && !record.Has(InodeFlags.InlineData) && record.FileAcl == 0;
            Require(
                isPlain, FindingCode.ReservedInodeInvalid, inode,
                "the inode of bad blocks should hold blocks and nothing else", record);
        }
        else if (inode == InodeNumbers.BootLoader)
            Require(!record.IsDirectory, FindingCode.ReservedInodeInvalid, inode, "the boot loader should be no directory", record);
        else if (inode == InodeNumbers.Resize || IsQuota(super, inode))
            Require(isRegular || isEmpty, FindingCode.ReservedInodeInvalid, inode, "the inode should be a regular file, or empty", record);
        else
            Require(isEmpty, FindingCode.ReservedInodeInvalid, inode, "a reserved inode should be empty", record);
    }

    /// <summary>An inode in use that is not reserved, or the root.</summary>
    public void CheckUsed(uint inode, in InodeRecord record, bool isOrphan)
    {
        if (inode == InodeNumbers.Root && !record.IsDirectory)
            Report(FindingCode.RootInvalid, inode, $"the root should be a directory, found mode 0x{record.ModeValue.Value:X4}");
        if (record.DeletionTime.Value != 0 && !isOrphan)
            Report(FindingCode.DeletionTimeSet, inode, $"the inode is in use, and has the deletion time {record.DeletionTime.Value}");
        if (DirectoryEntry.TypeOf(record.Mode) == FileType.Unknown)
            Report(FindingCode.InodeModeInvalid, inode, $"i_mode should name a type, found 0x{record.ModeValue.Value:X4}");
        if (record.ObsoleteFragmentAddress.Value != 0)
            Report(FindingCode.InodeFieldInvalid, inode, $"i_faddr should be 0, found {record.ObsoleteFragmentAddress.Value}");
        if (!volume.Geometry.HasHugeFile && record.BlocksHigh.Value != 0)
            Report(FindingCode.InodeFieldInvalid, inode, $"l_i_blocks_high should be 0 without huge_file, found {record.BlocksHigh.Value}");
        if (!volume.Geometry.Is64Bit && record.FileAclHigh.Value != 0)
            Report(FindingCode.InodeFieldInvalid, inode, $"l_i_file_acl_high should be 0 without 64bit, found {record.FileAclHigh.Value}");
        CheckFlags(inode, record);
        CheckExtra(inode, record);
        bool isSpecial = record.Type is not (InodeMode.Regular or InodeMode.Directory);
        if (isSpecial && (record.Has(InodeFlags.Immutable) || record.Has(InodeFlags.AppendOnly)))
            Report(FindingCode.InodeFlagInvalid, inode, "only files and directories should be immutable or append-only");
        if (record.Type is InodeMode.CharacterDevice or InodeMode.BlockDevice or InodeMode.Fifo or InodeMode.Socket)
            CheckDevice(inode, record);
    }

    /// <summary>The block of attributes; 0 if there is none, or none that can be read.</summary>
    public long CheckAttributeBlock(uint inode, in InodeRecord record)
    {
        long block = volume.Geometry.Is64Bit ? record.FileAcl : record.FileAclLow.Value;
        if (block == 0 || (inode < volume.Geometry.FirstInode && inode != InodeNumbers.Root && record.ModeValue.Value == 0))
            return 0;
        if (!volume.HasAttributes)
            Report(FindingCode.AttributeFeatureMissing, inode, $"i_file_acl is {block}, and ext_attr is off");
        else if (volume.Geometry.IsBlockRange(block, 1))
            return block;
        else
            Report(
                FindingCode.AttributeBlockNumberInvalid, inode,
                $"i_file_acl should be on the volume of {volume.Geometry.BlocksCount} blocks, found {block}");
        return 0;
    }

    /// <summary>What stands in place of a deletion time may be a link of a list of orphans that was lost.</summary>
    private void CheckDeletionTime(uint inode, in InodeRecord record)
    {
        uint time = record.DeletionTime;
        if (time != 0 && time < volume.Geometry.InodesCount)
            Report(
                FindingCode.DeletionTimeLow, inode,
                $"the deletion time {time} is an inode's number: the inode was part of a list of orphans");
    }

    private void CheckFlags(uint inode, in InodeRecord record)
    {
        ref readonly SuperBlock super = ref volume.SuperBlock;
        if (record.Has(InodeFlags.Imagic) && !super.Has(CompatibleFeatures.ImagicInodes))
            Report(FindingCode.InodeFlagInvalid, inode, "the imagic flag is set without its feature");
        if (record.Has(InodeFlags.Extents) && !volume.HasExtents)
            Report(FindingCode.InodeFlagInvalid, inode, "the extents flag is set without its feature");
        if (record.Has(InodeFlags.InlineData) && !volume.HasInlineData)
            Report(FindingCode.InlineDataInvalid, inode, "the inline data flag is set without its feature");
        if (record.Has(InodeFlags.InlineData | InodeFlags.Extents))
            Report(FindingCode.InlineDataInvalid, inode, "inline data and extents exclude each other");
        if (record.Has(InodeFlags.Encrypted) && !super.Has(IncompatibleFeatures.Encryption))
            Report(FindingCode.InodeFlagInvalid, inode, "the encrypt flag is set without its feature");
        CheckDirectoryFlags(inode, record);
    }

    private void CheckDirectoryFlags(uint inode, in InodeRecord record)
    {
        ref readonly SuperBlock super = ref volume.SuperBlock;
        if (record.Has(InodeFlags.CaseFolding) && (!record.IsDirectory || !super.Has(IncompatibleFeatures.CaseFolding)))
            Report(FindingCode.InodeFlagInvalid, inode, "the casefold flag is set without its feature, or on no directory");
        if (!record.Has(InodeFlags.DirectoryIndex))
            return;
        if (!record.IsDirectory)
            Report(FindingCode.InodeFlagInvalid, inode, "the index flag is set, and the inode is no directory");
        else if (!volume.HasDirectoryIndex)
            Report(FindingCode.InodeFlagInvalid, inode, "the index flag is set without dir_index");
        else if (record.Has(InodeFlags.InlineData) && volume.HasInlineData)
            Report(FindingCode.InodeFlagInvalid, inode, "an inline directory has no hash tree");
    }

    private void CheckExtra(uint inode, in InodeRecord record)
    {
        int most = volume.Geometry.InodeSizeBytes - InodeRecord.ShortSizeBytes;
        if (most == 0)
            return;
        int extra = record.ExtraSize;
        if (extra != 0 && (extra < LeastExtraSize || extra > most || extra % 4 != 0))
            Report(FindingCode.ExtraSizeInvalid, inode, $"i_extra_isize should be {LeastExtraSize} to {most} by 4, found {extra}");
        bool isLate = (record.HasExtra(0x90) && IsLate(record.AccessTimeSeconds, record.AccessTimeExtra))
            || (record.HasExtra(0x88) && IsLate(record.ChangeTimeSeconds, record.ChangeTimeExtra))
            || (record.HasExtra(0x8C) && IsLate(record.ModifyTimeSeconds, record.ModifyTimeExtra))
            || (record.HasExtra(0x98) && IsLate(record.CreationTimeSeconds, record.CreationTimeExtra));
        if (isLate)
            Report(FindingCode.InodeFieldInvalid, inode, "a time is later than 2310, and likely meant before 1970");
    }

    private static bool IsLate(uint seconds, uint extra) => (int)seconds < 0 && (extra & LastEpoch) == LastEpoch;

    private void CheckDevice(uint inode, in InodeRecord record)
    {
        if (record.Has(InodeFlags.DirectoryIndex) || record.Has(InodeFlags.Extents))
            Report(FindingCode.DeviceInvalid, inode, "a device, pipe or socket has neither a hash tree nor extents");
        if (record.Size != 0)
            Report(FindingCode.DeviceInvalid, inode, $"a device, pipe or socket should have the size 0, found {record.Size}");
    }

    /// <summary>Whether the inode is kept for a journal or quota file that the features do not have.</summary>
    private static bool IsUnusedFile(in SuperBlock super, uint inode) =>
        (inode == InodeNumbers.Journal && !super.Has(CompatibleFeatures.HasJournal))
        || (inode is InodeNumbers.UserQuota or InodeNumbers.GroupQuota && !super.Has(ReadOnlyCompatibleFeatures.Quota));

    private static bool IsQuota(in SuperBlock super, uint inode) =>
        super.Has(ReadOnlyCompatibleFeatures.Quota)
        && (inode == super.UserQuotaInode.Value || inode == super.GroupQuotaInode.Value || inode == super.ProjectQuotaInode.Value);

    private void Require(bool holds, FindingCode code, uint inode, string expected, in InodeRecord record)
    {
        if (!holds)
            Report(code, inode, $"{expected}, found mode 0x{record.ModeValue.Value:X4}, {record.LinksCount.Value} links");
    }

    private void Report(FindingCode code, uint inode, string text) =>
        findings.Add(code, new FindingPlace(FindingStructure.Inode, inode), text);
}
