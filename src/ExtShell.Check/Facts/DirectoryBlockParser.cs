using System.Runtime.InteropServices;
using ExtShell.Format.OnDisk;

namespace ExtShell.Check.Facts;

/// <summary>
/// Reads the entries of one directory block (ext4 disk layout, "Linear (Classic) Directories"); one is used for all blocks of a check.
/// </summary>
/// <remarks>
/// Rules, e2fsck's.
/// (1) A record is at least 12 bytes long, a multiple of 4, has room for its name, and ends inside the block. What breaks this ends the
/// block.
/// (2) The first block begins with "." that leads to the directory itself, and ".." behind it; both are followed by a zero byte.
/// (3) No other entry is called "." or "..", leads to the root or to a reserved inode.
/// (4) A name is not empty and holds neither slash nor zero byte; no two entries of a block share one.
/// (5) The type is the inode's (which the totals check); of "." and ".." it is a directory's. Without filetype it is 0.
/// </remarks>
internal sealed class DirectoryBlockParser(Volume volume)
{
    private const int NameTableSize = 1024;
    private readonly List<DirectoryName> _entries = [];
    private readonly short[] _nameTable = new short[NameTableSize];
    private byte[] _names = new byte[4096];
    private int _namesLength;
    private FindingPlace _place;
    private uint _directory;

    public FindingList Findings { get; } = new();

    public uint DotInode { get; private set; }

    public uint DotDotInode { get; private set; }

    /// <summary>Begins a block of <paramref name="directory"/>.</summary>
    public void Begin(uint directory, FindingPlace place)
    {
        _directory = directory;
        _place = place;
        _entries.Clear();
        _namesLength = 0;
        DotInode = DotDotInode = 0;
    }

    /// <summary>Takes ".." from elsewhere: inline directories keep the parent's number alone.</summary>
    public void SetParent(uint parent) => DotDotInode = parent;

    public DirectoryName[] TakeEntries() => _entries.Count == 0 ? [] : [.. _entries];

    public byte[] TakeNames() => _namesLength == 0 ? [] : _names[.._namesLength];

    public ReadOnlySpan<byte> NameOf(in DirectoryName entry) => _names.AsSpan(entry.NameStart, entry.NameLength);

    /// <summary>Reads the entries of <paramref name="block"/>, which ends before any tail.</summary>
    /// <param name="block">The bytes.</param>
    /// <param name="blockSizeBytes">The volume's block size: it decides how record lengths are stored.</param>
    /// <param name="hasDots">Whether "." and ".." come first.</param>
    /// <param name="baseOffsetBytes">What to add to offsets in findings.</param>
    public void Parse(ReadOnlySpan<byte> block, int blockSizeBytes, bool hasDots, int baseOffsetBytes = 0)
    {
        int dots = hasDots ? 0 : 2;
        int at = 0;
        while (at < block.Length)
        {
            if (!TryReadHead(block, at, blockSizeBytes, baseOffsetBytes, out DirectoryEntryHeader head, out int recordLengthBytes)) // (1)
                return;
            ReadOnlySpan<byte> name = block.Slice(at + DirectoryEntryHeader.SizeBytes, head.NameLength);
            if (dots == 0)
                ReadDot(block, at, head, name, recordLengthBytes);
            else if (dots == 1)
                ReadDotDot(block, at, head, name);
            else if (head.Inode.Value != 0)
                ReadName(head, name, baseOffsetBytes + at);
            dots++;
            at += recordLengthBytes;
        }

        if (dots == 1)
            Report(FindingCode.DotDotMissing, baseOffsetBytes, "the block should hold '..', found '.' alone");
    }

    /// <summary>Checks that no two names of the entries read so far are equal.</summary>
    public void CheckDuplicates() // (4)
    {
        if (_entries.Count < 2)
            return;
        Array.Fill(_nameTable, (short)-1);
        for (int i = 0; i < _entries.Count; i++)
        {
            ReadOnlySpan<byte> name = NameOf(_entries[i]);
            uint slot = HashOf(name) % NameTableSize;
            for (; _nameTable[slot] >= 0; slot = (slot + 1) % NameTableSize)
            {
                if (NameOf(_entries[_nameTable[slot]]).SequenceEqual(name))
                {
                    Report(FindingCode.NameDuplicate, _entries[i].OffsetBytes, $"two entries are called '{PathText.Of(name)}'");
                    break;
                }
            }

            if (i < NameTableSize - 1)
                _nameTable[slot] = (short)i;
        }
    }

    private bool TryReadHead(
        ReadOnlySpan<byte> block, int at, int blockSizeBytes, int baseOffsetBytes, out DirectoryEntryHeader head, out int recordLengthBytes)
    {
        (head, recordLengthBytes) = (default, 0);
        int rest = block.Length - at;
        if (rest >= DirectoryEntryHeader.SizeBytes)
        {
            head = MemoryMarshal.Read<DirectoryEntryHeader>(block[at..]);
            recordLengthBytes = DirectoryEntry.DecodeRecordLength(head.RecordLengthValue, blockSizeBytes);
            if (recordLengthBytes >= 12 && recordLengthBytes % DirectoryEntry.Alignment == 0 && recordLengthBytes <= rest
                && DirectoryEntryHeader.SizeBytes + head.NameLength <= recordLengthBytes)
                return true;
        }

        Report(
            FindingCode.DirectoryEntryInvalid, baseOffsetBytes + at,
            $"a record of {recordLengthBytes} bytes with a name of {head.NameLength} does not fit into the {rest} bytes that are left");
        return false;
    }

    private void ReadDot(
        ReadOnlySpan<byte> block, int at, in DirectoryEntryHeader head, ReadOnlySpan<byte> name, int recordLengthBytes) // (2)
    {
        if (head.Inode.Value == 0 || !name.SequenceEqual("."u8))
        {
            Report(FindingCode.DotMissing, at, $"the first entry should be '.', found '{PathText.Of(name)}'");
            return;
        }

        if (block[at + DirectoryEntryHeader.SizeBytes + 1] != 0)
            Report(FindingCode.DotNotTerminated, at, "'.' should be followed by a zero byte");
        if (head.Inode.Value != _directory)
            Report(FindingCode.DotMissing, at, $"'.' should lead to inode {_directory}, found {head.Inode.Value}");
        if (recordLengthBytes > DirectoryEntry.RecordLengthFor(1))
            Report(FindingCode.DirectoryEntryInvalid, at, $"'.' should take 12 bytes, found {recordLengthBytes}");
        CheckDotType(head, at);
        DotInode = head.Inode;
    }

    private void ReadDotDot(ReadOnlySpan<byte> block, int at, in DirectoryEntryHeader head, ReadOnlySpan<byte> name) // (2)
    {
        if (head.Inode.Value == 0 || !name.SequenceEqual(".."u8))
        {
            Report(FindingCode.DotDotMissing, at, $"the second entry should be '..', found '{PathText.Of(name)}'");
            return;
        }

        if (block[at + DirectoryEntryHeader.SizeBytes + 2] != 0)
            Report(FindingCode.DotNotTerminated, at, "'..' should be followed by a zero byte");
        CheckDotType(head, at);
        if (volume.Geometry.IsInode(head.Inode))
            DotDotInode = head.Inode;
        else
            Report(FindingCode.EntryInodeInvalid, at, $"'..' leads to inode {head.Inode.Value}, there are {volume.Geometry.InodesCount}");
    }

    private void ReadName(in DirectoryEntryHeader head, ReadOnlySpan<byte> name, int offsetBytes)
    {
        uint inode = head.Inode;
        if (name.IsEmpty || name.ContainsAny((byte)0, (byte)'/')) // (4)
            Report(FindingCode.NameInvalid, offsetBytes, $"the name '{PathText.Of(name)}' is empty, or holds a slash or a zero byte");
        if (name.SequenceEqual("."u8) || name.SequenceEqual(".."u8)) // (3)
            Report(FindingCode.NameDuplicate, offsetBytes, $"a second entry is called '{PathText.Of(name)}'");
        if (!volume.Geometry.HasFileType && head.FileTypeValue != 0) // (5)
            Report(
                FindingCode.EntryTypeWrong, offsetBytes,
                $"the type of '{PathText.Of(name)}' should be 0 without filetype, found {head.FileTypeValue}");
        if (!volume.Geometry.IsInode(inode) || inode < volume.Geometry.FirstInode) // (3)
        {
            Report(FindingCode.EntryInodeInvalid, offsetBytes, $"'{PathText.Of(name)}' leads to inode {inode}, which nobody may name");
            return;
        }

        if (_namesLength + name.Length > _names.Length)
            Array.Resize(ref _names, _names.Length * 2);
        name.CopyTo(_names.AsSpan(_namesLength));
        _entries.Add(new DirectoryName(inode, _namesLength, (byte)name.Length, head.FileType, (ushort)offsetBytes));
        _namesLength += name.Length;
    }

    private void CheckDotType(in DirectoryEntryHeader head, int at) // (5)
    {
        FileType expected = volume.Geometry.HasFileType ? FileType.Directory : FileType.Unknown;
        if (head.FileType != expected && head.FileType != FileType.Unknown)
            Report(FindingCode.EntryTypeWrong, at, $"the type of '.' or '..' should be {(int)expected}, found {head.FileTypeValue}");
    }

    private static uint HashOf(ReadOnlySpan<byte> name)
    {
        uint hash = 2166136261;
        foreach (byte one in name)
            hash = (hash ^ one) * 16777619;
        return hash ^ (hash >> 15);
    }

    private void Report(FindingCode code, int offsetBytes, string text) =>
        Findings.Add(code, _place with { OffsetBytes = offsetBytes }, text);
}
