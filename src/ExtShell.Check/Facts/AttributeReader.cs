using System.Buffers.Binary;
using System.Runtime.InteropServices;
using ExtShell.Format.Checksums;
using ExtShell.Format.OnDisk;

namespace ExtShell.Check.Facts;

/// <summary>
/// Reads extended attributes (ext4 disk layout, "Extended Attributes"), in an inode behind its fields or in a block of their own.
/// </summary>
/// <remarks>
/// Rules, e2fsck's.
/// (1) Entries lie side by side and end with four zero bytes, or where the place ends.
/// (2) A value lies inside the place, behind no entry's head, and overlaps nothing.
/// (3) The hash covers name and value, the name's bytes as unsigned or, from old kernels, as signed. Inside an inode 0 is no hash.
/// (4) A block names itself one block long.
/// (5) In a block each name has a prefix.
/// </remarks>
internal sealed class AttributeReader(Volume volume)
{
    private const int NameHashShift = 5;
    private const int ValueHashShift = 16;
    private readonly bool[] _taken = new bool[volume.BlockSizeBytes / 4];
    private readonly List<AttributeFacts> _attributes = [];

    /// <summary>Where the value of system.data lies, which goes on with inline data; from the read before.</summary>
    public (int OffsetBytes, int LengthBytes) InlineValue { get; private set; }

    /// <summary>Whether there is a system.data.</summary>
    public bool HasInlineValue { get; private set; }

    /// <summary>
    /// Reads the attributes behind the fields of an inode. <paramref name="area"/> begins with the magic, or there are none.
    /// </summary>
    public AttributeFacts[] ReadInInode(ReadOnlySpan<byte> area, FindingList findings, FindingPlace place)
    {
        HasInlineValue = false;
        InlineValue = default;
        if (area.Length >= XattrHeader.InInodeSizeBytes && BinaryPrimitives.ReadUInt32LittleEndian(area) == XattrHeader.ExpectedMagic)
            ReadEntries(area[XattrHeader.InInodeSizeBytes..], 0, true, findings, place);
        return TakeAttributes();
    }

    /// <summary>Reads a block of attributes that lies on the volume.</summary>
    public AttributeBlockFacts ReadBlock(long block)
    {
        var findings = new FindingList();
        var place = new FindingPlace(FindingStructure.Attributes, 0, -1, block);
        long offsetBytes = volume.Geometry.BlockOffsetBytes(block);
        ReadOnlySpan<byte> bytes;
        if (!volume.HasMetadataChecksum)
            bytes = volume.Source.Read(offsetBytes, volume.BlockSizeBytes);
        else if (!volume.TryReadVerified(offsetBytes, volume.BlockSizeBytes, Ext4Checksums.XattrBlock(volume.Geometry, block), out bytes))
        {
            findings.Add(FindingCode.AttributeChecksumMismatch, place, "the sum of the block does not match");
            return new AttributeBlockFacts { Block = block, IsUnreadable = true, Findings = findings.Take() };
        }

        XattrHeader header = MemoryMarshal.Read<XattrHeader>(bytes);
        if (header.Magic.Value != XattrHeader.ExpectedMagic)
            findings.Add(
                FindingCode.AttributeBlockInvalid, place,
                $"h_magic should be 0x{XattrHeader.ExpectedMagic:X8}, found 0x{header.Magic.Value:X8}");
        else if (header.BlocksCount.Value != 1) // (4)
            findings.Add(FindingCode.AttributeBlockInvalid, place, $"h_blocks should be 1, found {header.BlocksCount.Value}");
        else
            ReadEntries(bytes, XattrHeader.SizeBytes, false, findings, place);
        return new AttributeBlockFacts
        {
            Block = block,
            ReferenceCount = header.ReferenceCount.Value,
            Attributes = TakeAttributes(),
            Findings = findings.Take(),
        };
    }

    private AttributeFacts[] TakeAttributes()
    {
        if (_attributes.Count == 0)
            return [];
        AttributeFacts[] taken = [.. _attributes];
        _attributes.Clear();
        return taken;
    }

    private void ReadEntries(ReadOnlySpan<byte> area, int firstBytes, bool isInInode, FindingList findings, FindingPlace place)
    {
        FindingCode code = isInInode ? FindingCode.AttributeInvalid : FindingCode.AttributeBlockInvalid;
        Array.Clear(_taken);
        Take(0, firstBytes);
        for (int at = firstBytes; area.Length - at >= 4 && BinaryPrimitives.ReadUInt32LittleEndian(area[at..]) != 0;) // (1)
        {
            if (area.Length - at < XattrEntry.SizeBytes)
            {
                if (!isInInode)
                    findings.Add(code, place with { OffsetBytes = at }, "the entries should end inside the block");
                return;
            }

            XattrEntry entry = MemoryMarshal.Read<XattrEntry>(area[at..]);
            if (!isInInode && entry.NameIndex == 0) // (5)
            {
                findings.Add(code, place with { OffsetBytes = at }, "e_name_index should not be 0");
                return;
            }

            if (entry.RecordLengthBytes > area.Length - at || !Take(at, entry.RecordLengthBytes))
            {
                findings.Add(
                    code, place with { OffsetBytes = at },
                    $"a name of {entry.NameLength} bytes does not fit, or overlaps a value");
                return;
            }

            if (!CheckValue(area, at, entry, isInInode, findings, place with { OffsetBytes = at }))
                return;
            at += entry.RecordLengthBytes;
        }
    }

    private bool CheckValue(ReadOnlySpan<byte> area, int at, in XattrEntry entry, bool isInInode, FindingList findings, FindingPlace place)
    {
        FindingCode code = isInInode ? FindingCode.AttributeInvalid : FindingCode.AttributeBlockInvalid;
        if (entry.ValueInode.Value != 0)
        {
            if (!volume.SuperBlock.Has(IncompatibleFeatures.AttributeInodes))
                findings.Add(code, place, $"a value in inode {entry.ValueInode.Value} needs ea_inode");
            return true;
        }

        uint sizeBytes = entry.ValueSize;
        int offsetBytes = entry.ValueOffset;
        bool isOutside = offsetBytes + (long)sizeBytes > area.Length;
        int padded = (int)Math.Min((sizeBytes + 3L) & ~3L, int.MaxValue);
        bool isPlaced = !isOutside && (sizeBytes == 0 || (offsetBytes + (long)padded <= area.Length && Take(offsetBytes, padded)));
        if (!isPlaced) // (2)
        {
            findings.Add(
                code, place,
                $"a value of {sizeBytes} bytes at {offsetBytes} does not fit into {area.Length} bytes, or overlaps something");
            return false;
        }

        ReadOnlySpan<byte> name = area.Slice(at + XattrEntry.SizeBytes, entry.NameLength);
        ReadOnlySpan<byte> value = sizeBytes == 0 ? default : area.Slice(offsetBytes, padded);
        uint stored = entry.Hash;
        if ((stored != 0 || !isInInode) && stored != Hash(name, value, false) && stored != Hash(name, value, true)) // (3)
            findings.Add(FindingCode.AttributeHashWrong, place, $"e_hash should be 0x{Hash(name, value, false):X8}, found 0x{stored:X8}");
        if (isInInode && entry.NameIndex == (byte)XattrNameIndex.System && name.SequenceEqual("data"u8))
        {
            HasInlineValue = true;
            InlineValue = sizeBytes == 0 ? default : (offsetBytes, (int)sizeBytes);
        }

        _attributes.Add(new AttributeFacts((XattrNameIndex)entry.NameIndex, name.ToArray(), value[..(int)sizeBytes].ToArray()));
        return true;
    }

    private static uint Hash(ReadOnlySpan<byte> name, ReadOnlySpan<byte> paddedValue, bool isSigned)
    {
        uint hash = 0;
        foreach (byte one in name)
            hash = (hash << NameHashShift) ^ (hash >> (32 - NameHashShift)) ^ (isSigned ? (uint)(sbyte)one : one);
        for (; !paddedValue.IsEmpty; paddedValue = paddedValue[4..])
            hash = (hash << ValueHashShift) ^ (hash >> (32 - ValueHashShift)) ^ BinaryPrimitives.ReadUInt32LittleEndian(paddedValue);
        return hash;
    }

    /// <summary>Marks bytes, by fours; false if any was marked before.</summary>
    private bool Take(int offsetBytes, int lengthBytes)
    {
        Span<bool> words = _taken.AsSpan(offsetBytes / 4, ((offsetBytes + lengthBytes + 3) / 4) - (offsetBytes / 4));
        if (words.Contains(true))
            return false;
        words.Fill(true);
        return true;
    }
}
