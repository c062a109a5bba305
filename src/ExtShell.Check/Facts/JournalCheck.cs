using System.Runtime.InteropServices;
using ExtShell.Format.Checksums;
using ExtShell.Format.Journal;
using ExtShell.Format.Layout;
using ExtShell.Format.OnDisk;

namespace ExtShell.Check.Facts;

/// <summary>
/// Checks the journal's inode and superblock, and says whether the volume needs recovery; the log itself is recovery's business.
/// </summary>
internal static class JournalCheck
{
    private const JournalIncompatibleFeatures Known = JournalIncompatibleFeatures.Revoke | JournalIncompatibleFeatures.Bits64
        | JournalIncompatibleFeatures.AsyncCommit | JournalIncompatibleFeatures.ChecksumV2 | JournalIncompatibleFeatures.ChecksumV3
        | JournalIncompatibleFeatures.FastCommit;

    private static readonly FindingPlace Place = new(FindingStructure.Journal, InodeNumbers.Journal);

    /// <summary>The block that holds the journal's superblock; −1 if there is none.</summary>
    public static long SuperBlockBlock(Volume volume, InodeFacts? inode)
    {
        if (!volume.SuperBlock.Has(CompatibleFeatures.HasJournal) || inode is null || inode.Runs.IsEmpty || inode.Runs[0].LogicalBlock != 0)
            return -1;
        return inode.Runs[0].PhysicalBlock;
    }

    /// <summary>Checks the journal.</summary>
    /// <param name="volume">The volume.</param>
    /// <param name="inode">The journal's inode, as s_journal_inum names it, if it is in use.</param>
    public static Finding[] Check(Volume volume, InodeFacts? inode)
    {
        var findings = new FindingList();
        ref readonly SuperBlock super = ref volume.SuperBlock;
        bool needsRecovery = super.Has(IncompatibleFeatures.NeedsRecovery);
        if (!super.JournalUuid.IsZero)
            findings.Add(FindingCode.JournalInodeInvalid, Place, "s_journal_uuid names an external journal, which is not looked at");
        if (needsRecovery)
            findings.Add(FindingCode.JournalNeedsRecovery, Place, "the journal has not been replayed; the image is judged as it stands");
        if (!super.Has(CompatibleFeatures.HasJournal))
        {
            if (super.JournalInode.Value != 0 || needsRecovery)
                findings.Add(
                    FindingCode.JournalWithoutFeature, Place,
                    $"has_journal is off, and the superblock names the journal {super.JournalInode.Value}, or needs recovery");
            return findings.Take();
        }

        if (super.JournalInode.Value == 0)
        {
            if (super.JournalDevice.Value == 0)
                findings.Add(FindingCode.JournalInodeInvalid, Place, "has_journal is on, and the superblock names no journal");
            return findings.Take();
        }

        if (inode is { IsUnreadable: true } or { HasUnknownParts: true })
            return findings.Take();
        long block = SuperBlockBlock(volume, inode);
        if (inode is null || inode.Kind != FileType.Regular || inode.LinkCount == 0 || block < 0)
            findings.Add(
                FindingCode.JournalInodeInvalid, Place,
                $"inode {super.JournalInode.Value} should be a regular file with blocks and a link");
        else
            CheckSuperBlock(volume, inode, block, needsRecovery, findings);
        return findings.Take();
    }

    private static string? DescribeFeatures(in JournalSuperBlock journal)
    {
        if (((JournalIncompatibleFeatures)journal.FeatureIncompat.Value & ~Known) != 0)
            return $"the incompatible features 0x{journal.FeatureIncompat.Value:X} are not all known";
        if (journal.FeatureReadOnlyCompat.Value != 0)
            return $"no read-only feature is known, found 0x{journal.FeatureReadOnlyCompat.Value:X}";
        int sums = (journal.Has(JournalCompatibleFeatures.Checksum) ? 1 : 0)
            + (journal.Has(JournalIncompatibleFeatures.ChecksumV2) ? 1 : 0) + (journal.Has(JournalIncompatibleFeatures.ChecksumV3) ? 1 : 0);
        if (sums > 1)
            return "there should be one version of sums at most";
        if (journal.HasChecksumV2OrV3 && journal.ChecksumType != (byte)JournalChecksumType.Crc32C)
            return $"s_checksum_type should be {(int)JournalChecksumType.Crc32C}, found {journal.ChecksumType}";
        return journal.UsersCount.Value > 1 ? $"s_nr_users should be 1, found {journal.UsersCount.Value}" : null;
    }

    private static void CheckSuperBlock(Volume volume, InodeFacts inode, long block, bool needsRecovery, FindingList findings)
    {
        FindingPlace place = Place with { Block = block };
        long offsetBytes = volume.Geometry.BlockOffsetBytes(block);
        JournalSuperBlock journal = MemoryMarshal.Read<JournalSuperBlock>(volume.Source.Read(offsetBytes, JournalSuperBlock.SizeBytes));
        long lengthBlocks = inode.SizeBytes >> volume.Geometry.BlockSizeShift;
        if (journal.Header.Magic.Value != JournalHeader.ExpectedMagic
            || journal.Header.BlockType is not (JournalBlockType.SuperBlockV1 or JournalBlockType.SuperBlockV2))
            findings.Add(
                FindingCode.JournalSuperBlockInvalid, place,
                $"it should be a superblock of version 1 or 2, "
                + $"found magic 0x{journal.Header.Magic.Value:X8}, type {journal.Header.BlockTypeValue.Value}");
        else if (journal.HasChecksumV2OrV3
            && !volume.TryReadVerified(offsetBytes, JournalSuperBlock.SizeBytes, JournalChecksums.SuperBlock(offsetBytes), out _))
            findings.Add(FindingCode.JournalSuperBlockChecksumMismatch, place, "the sum of the journal's superblock does not match");
        else if (journal.BlockSize.Value != volume.BlockSizeBytes || journal.MaxLength.Value > lengthBlocks || journal.First.Value == 0)
            findings.Add(
                FindingCode.JournalSuperBlockInvalid, place,
                $"s_blocksize should be {volume.BlockSizeBytes}, s_maxlen at most {lengthBlocks}, s_first not 0, "
                + $"found {journal.BlockSize.Value}, {journal.MaxLength.Value}, {journal.First.Value}");
        else if (journal.Header.BlockType == JournalBlockType.SuperBlockV2 && DescribeFeatures(journal) is string wrong)
            findings.Add(FindingCode.JournalSuperBlockInvalid, place, wrong);
        else if (journal.ErrorNumber.Value != 0)
            findings.Add(
                FindingCode.JournalSuperBlockInvalid, place,
                $"s_errno should be 0, found {(int)journal.ErrorNumber.Value}: an error aborted the journal");
        else if (journal.Start.Value != 0 && !needsRecovery)
            findings.Add(
                FindingCode.JournalRecoveryFlagMissing, place,
                $"the log begins at block {journal.Start.Value}, and needs_recovery is off");
    }
}
