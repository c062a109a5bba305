using System.Runtime.InteropServices;
using ExtShell.Format.Checksums;
using ExtShell.Format.OnDisk;

namespace ExtShell.Check.Facts;

/// <summary>Reads one root or node of a hash tree (ext4 disk layout, "Hash Tree Directories").</summary>
/// <remarks>
/// Rules, e2fsck's.
/// (1) The limit is what the block has room for; at least one entry counts, and no more than the limit.
/// (2) Hashes ascend.
/// (3) A root names a hash that is known, and one level of nodes at most, two with large_dir.
/// (4) A node hides behind an unused entry that covers the block.
/// </remarks>
internal sealed class HashTreeReader(Volume volume, DirectoryBlockParser parser)
{
    private readonly int _mostLevels = volume.SuperBlock.Has(IncompatibleFeatures.LargeDirectory) ? 2 : 1;

    /// <summary>Reads the block; the parser has begun it.</summary>
    public DirectoryBlockFacts ReadBlock(uint inode, uint inodeSeed, uint logical, long physical, DirectoryBlockRole role)
    {
        var place = new FindingPlace(FindingStructure.HashTree, inode, -1, physical);
        int entriesBytes = role == DirectoryBlockRole.Root ? DxRoot.EntriesOffsetBytes : DxNode.EntriesOffsetBytes;
        long offsetBytes = volume.Geometry.BlockOffsetBytes(physical);
        DxCountLimit countLimit = MemoryMarshal.Read<DxCountLimit>(volume.Source.Read(offsetBytes + entriesBytes, 4));
        int room = (volume.BlockSizeBytes - entriesBytes - (volume.HasMetadataChecksum ? DxTail.SizeBytes : 0)) / DxEntry.SizeBytes;
        bool isCounted = countLimit.Limit.Value == room && countLimit.Count.Value >= 1 && countLimit.Count.Value <= room; // (1)
        if (!isCounted)
            Report(
                FindingCode.HashTreeInvalid, place,
                $"{countLimit.Count.Value} entries with room for {countLimit.Limit.Value} should be 1 to {room} with room for {room}");
        ReadOnlySpan<byte> block;
        if (!volume.HasMetadataChecksum)
            block = volume.ReadBlock(physical);
        else if (!isCounted
            || !volume.TryReadVerified(
                offsetBytes, volume.BlockSizeBytes, Ext4Checksums.DxNode(inodeSeed, offsetBytes, entriesBytes, countLimit), out block))
        {
            if (isCounted)
                Report(FindingCode.DirectoryChecksumMismatch, place, "the sum of the block does not match");
            return DirectoryReader.Unreadable(logical, physical, role, null, parser.Findings.Take());
        }

        HashTreeNode? node = isCounted ? ReadNode(block, entriesBytes, countLimit.Count, place) : null;
        if (role == DirectoryBlockRole.Root)
        {
            parser.Parse(block, volume.BlockSizeBytes, true);
            node = ReadRoot(block, node, place);
        }
        else
            CheckDisguise(block, place);

        return new DirectoryBlockFacts
        {
            LogicalBlock = logical,
            PhysicalBlock = physical,
            Role = role,
            HashVersion = null,
            Entries = parser.TakeEntries(),
            Names = parser.TakeNames(),
            DotInode = parser.DotInode,
            DotDotInode = parser.DotDotInode,
            Node = node,
            Findings = parser.Findings.Take(),
        };
    }

    private HashTreeNode ReadNode(ReadOnlySpan<byte> block, int entriesBytes, int count, FindingPlace place)
    {
        ReadOnlySpan<DxEntry> entries = MemoryMarshal.Cast<byte, DxEntry>(block.Slice(entriesBytes, count * DxEntry.SizeBytes));
        var hashes = new uint[count];
        var blocks = new uint[count];
        for (int i = 0; i < count; i++)
        {
            hashes[i] = i == 0 ? 0 : entries[i].Hash.Value;
            blocks[i] = entries[i].Block.Value & DxEntry.BlockMask;
            if (i > 0 && hashes[i] < hashes[i - 1]) // (2)
            {
                int offsetBytes = entriesBytes + (i * DxEntry.SizeBytes);
                Report(
                    FindingCode.HashTreeOrderInvalid, place with { OffsetBytes = offsetBytes },
                    $"the hash 0x{hashes[i]:X8} should not be less than 0x{hashes[i - 1]:X8} before it");
            }
        }

        return new HashTreeNode { Hashes = hashes, Blocks = blocks };
    }

    private HashTreeNode? ReadRoot(ReadOnlySpan<byte> block, HashTreeNode? node, FindingPlace place) // (3)
    {
        DxRoot root = MemoryMarshal.Read<DxRoot>(block);
        if (root.ReservedZero.Value != 0 || root.InfoLength != DxRoot.ExpectedInfoLength || (root.UnusedFlags & 1) != 0)
            Report(
                FindingCode.HashTreeInvalid, place,
                $"the root's length should be 8 and its flags 0, found {root.InfoLength} and {root.UnusedFlags}");
        else if (root.HashVersion > (byte)DirectoryHashVersion.Tea)
            Report(FindingCode.HashTreeInvalid, place, $"the hash should be 0 to 2, found {root.HashVersion}");
        else if (root.IndirectLevels > _mostLevels)
            Report(
                FindingCode.HashTreeInvalid, place,
                $"the tree should have at most {_mostLevels} levels of nodes, found {root.IndirectLevels}");
        else if (node is not null)
        {
            return new HashTreeNode
            {
                Hashes = node.Hashes,
                Blocks = node.Blocks,
                IndirectLevels = root.IndirectLevels,
                HashVersion = (DirectoryHashVersion)root.HashVersion,
            };
        }

        return null;
    }

    private void CheckDisguise(ReadOnlySpan<byte> block, FindingPlace place) // (4)
    {
        DxNode head = MemoryMarshal.Read<DxNode>(block);
        int recordLengthBytes = DirectoryEntry.DecodeRecordLength(head.FakeRecordLength, volume.BlockSizeBytes);
        if (head.FakeInode.Value != 0 || recordLengthBytes != volume.BlockSizeBytes)
            Report(
                FindingCode.HashTreeInvalid, place,
                $"a node should begin with an unused entry of {volume.BlockSizeBytes} bytes, "
                    + $"found {recordLengthBytes} for inode {head.FakeInode.Value}");
    }

    private void Report(FindingCode code, FindingPlace place, string text) => parser.Findings.Add(code, place, text);
}
