using System.Runtime.InteropServices;
using ExtShell.Format.Endian;

namespace ExtShell.Format.OnDisk;

/// <summary>
/// The head of a directory entry (<c>struct ext4_dir_entry_2</c>); the name follows. Without filetype the last byte is the name length's
/// high half, always 0.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 0x08)]
public struct DirectoryEntryHeader
{
    /// <summary>Bytes of the head.</summary>
    public const int SizeBytes = 0x08;

    /// <summary><c>inode</c>: 0 if the entry is unused.</summary>
    [FieldOffset(0x00)] public Le32 Inode;

    /// <summary><c>rec_len</c>: distance to the next entry, bytes; see <see cref="DirectoryEntry.DecodeRecordLength"/>.</summary>
    [FieldOffset(0x04)] public Le16 RecordLengthValue;

    /// <summary><c>name_len</c>: bytes of the name.</summary>
    [FieldOffset(0x06)] public byte NameLength;

    /// <summary><c>file_type</c>: see <see cref="FileType"/>.</summary>
    [FieldOffset(0x07)] public byte FileTypeValue;

    /// <summary>The type of the file that it names.</summary>
    public FileType FileType
    {
        readonly get => (FileType)FileTypeValue;
        set => FileTypeValue = (byte)value;
    }
}
