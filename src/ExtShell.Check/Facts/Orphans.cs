using System.Runtime.InteropServices;
using ExtShell.Format.Checksums;
using ExtShell.Format.Endian;
using ExtShell.Format.OnDisk;

namespace ExtShell.Check.Facts;

/// <summary>
/// The inodes that recovery will truncate or delete: the list that the superblock begins and deletion times continue, and the orphan file.
/// </summary>
internal sealed class Orphans
{
    private readonly HashSet<uint> _inodes;

    private Orphans(HashSet<uint> inodes, Finding[] findings)
    {
        _inodes = inodes;
        Findings = findings;
    }

    public Finding[] Findings { get; }

    public IEnumerable<uint> Inodes => _inodes;

    public bool Contains(uint inode) => _inodes.Count > 0 && _inodes.Contains(inode);

    /// <summary>Reads both. It looks at nothing else of an inode than what leads on.</summary>
    /// <param name="volume">The volume.</param>
    /// <param name="recordOffsetBytes">Where an inode's record is; −1 if its group cannot be read.</param>
    /// <param name="file">The orphan file, if there is one.</param>
    public static Orphans Read(Volume volume, Func<uint, long> recordOffsetBytes, InodeFacts? file)
    {
        var findings = new FindingList();
        var inodes = new HashSet<uint>();
        ReadList(volume, recordOffsetBytes, inodes, findings);
        if (volume.SuperBlock.Has(CompatibleFeatures.OrphanFile))
            ReadFile(volume, file, inodes, findings);
        if (inodes.Count > 0)
            findings.Add(
                FindingCode.OrphansPending, new FindingPlace(FindingStructure.Orphans),
                $"{inodes.Count} inodes wait to be truncated or deleted");
        return new Orphans(inodes, findings.Take());
    }

    private static void ReadList(Volume volume, Func<uint, long> recordOffsetBytes, HashSet<uint> inodes, FindingList findings)
    {
        uint before = 0;
        for (uint next = volume.SuperBlock.LastOrphan; next != 0;)
        {
            long offsetBytes = IsOrdinary(volume, next) ? recordOffsetBytes(next) : -1;
            InodeRecord record = offsetBytes < 0
                ? default
                : InodeRecord.Load(volume.Source.Read(offsetBytes, volume.Geometry.InodeSizeBytes));
            if (record.ModeValue.Value == 0 || !InodeRecords.IsVerified(volume, next, offsetBytes, record) || !inodes.Add(next))
            {
                var place = new FindingPlace(FindingStructure.Orphans, before);
                findings.Add(
                    FindingCode.OrphanListInvalid, place,
                    $"the list should lead to an ordinary inode that is sound and was not named before, found {next}");
                return;
            }

            before = next;
            next = record.DeletionTime;
        }
    }

    private static void ReadFile(Volume volume, InodeFacts? file, HashSet<uint> inodes, FindingList findings)
    {
        uint number = volume.SuperBlock.OrphanFileInode;
        var place = new FindingPlace(FindingStructure.Orphans, number);
        if (file is null || !file.IsInUse || file.Kind != FileType.Regular)
        {
            if (file is not { IsUnreadable: true })
                findings.Add(FindingCode.OrphanFileInvalid, place, $"inode {number} should be the orphan file");
            return;
        }

        long next = 0;
        foreach (MappedRun run in file.Runs)
        {
            if (run.LogicalBlock != next || !run.IsWritten)
                findings.Add(FindingCode.OrphanFileInvalid, place, $"logical block {next} of the orphan file should be mapped and written");
            uint count = (uint)Math.Min(run.LengthBlocks, volume.Geometry.BlocksCount);
            for (uint i = 0; i < count; i++)
                ReadBlock(volume, file, run.PhysicalBlock + i, inodes, findings);
            next = run.EndLogicalBlock;
        }

        if (file.SizeBytes != next << volume.Geometry.BlockSizeShift)
            findings.Add(
                FindingCode.OrphanFileInvalid, place,
                $"the orphan file's size should be {next << volume.Geometry.BlockSizeShift}, found {file.SizeBytes}");
    }

    private static void ReadBlock(Volume volume, InodeFacts file, long block, HashSet<uint> inodes, FindingList findings)
    {
        var place = new FindingPlace(FindingStructure.Orphans, file.Number, -1, block);
        long offsetBytes = volume.Geometry.BlockOffsetBytes(block);
        ReadOnlySpan<byte> bytes;
        if (!volume.HasMetadataChecksum)
            bytes = volume.ReadBlock(block);
        else
        {
            uint seed = volume.Geometry.InodeChecksumSeed(file.Number, file.Generation);
            ChecksumRule rule = Ext4Checksums.OrphanBlock(volume.Geometry, seed, block);
            if (!volume.TryReadVerified(offsetBytes, volume.BlockSizeBytes, rule, out bytes))
            {
                findings.Add(FindingCode.OrphanFileInvalid, place, "the sum of the block does not match");
                return;
            }
        }

        int tailBytes = volume.BlockSizeBytes - OrphanBlockTail.SizeBytes;
        OrphanBlockTail tail = MemoryMarshal.Read<OrphanBlockTail>(bytes[tailBytes..]);
        if (tail.Magic.Value != OrphanBlockTail.ExpectedMagic)
            findings.Add(
                FindingCode.OrphanFileInvalid, place,
                $"the tail's magic should be 0x{OrphanBlockTail.ExpectedMagic:X8}, found 0x{tail.Magic.Value:X8}");
        bool mayHold = volume.SuperBlock.Has(ReadOnlyCompatibleFeatures.OrphanPresent);
        foreach (Le32 entry in MemoryMarshal.Cast<byte, Le32>(bytes[..tailBytes]))
        {
            if (entry.Value == 0)
                continue;
            if (!mayHold)
            {
                findings.Add(FindingCode.OrphanFileNotClean, place, $"the block names inode {entry.Value}, and orphan_present is off");
                return;
            }

            if (IsOrdinary(volume, entry))
                inodes.Add(entry);
            else
                findings.Add(FindingCode.OrphanFileInvalid, place, $"the block should name ordinary inodes, found {entry.Value}");
        }
    }

    private static bool IsOrdinary(Volume volume, uint inode) => volume.Geometry.IsInode(inode) && inode >= volume.Geometry.FirstInode;
}
