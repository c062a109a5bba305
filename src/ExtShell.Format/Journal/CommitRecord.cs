using System.Runtime.InteropServices;
using ExtShell.Format.Endian;

namespace ExtShell.Format.Journal;

/// <summary>A commit block (<c>struct commit_header</c>): the transaction counts once this is durable.</summary>
[StructLayout(LayoutKind.Explicit, Size = 0x3C)]
public struct CommitRecord
{
    /// <summary><c>h_header</c>: magic, type and sequence.</summary>
    [FieldOffset(0x00)] public JournalHeader Header;

    /// <summary><c>h_chksum_type</c>: of checksum v1; see <see cref="JournalChecksumType"/>.</summary>
    [FieldOffset(0x0C)] public byte ChecksumType;

    /// <summary><c>h_chksum_size</c>: of checksum v1: bytes of the sum.</summary>
    [FieldOffset(0x0D)] public byte ChecksumSize;

    /// <summary><c>h_padding</c>: 0.</summary>
    [FieldOffset(0x0E)] public byte Padding1;

    /// <summary><c>h_padding</c>: 0.</summary>
    [FieldOffset(0x0F)] public byte Padding2;

    /// <summary>
    /// <c>h_chksum</c>: the first is the sum: CRC-32 of the transaction's blocks with v1, CRC-32C of this block with v2 and v3.
    /// </summary>
    [FieldOffset(0x10)] public Be32Array8 Checksums;

    /// <summary><c>h_commit_sec</c>: when, seconds.</summary>
    [FieldOffset(0x30)] public Be64 CommitSeconds;

    /// <summary><c>h_commit_nsec</c>: when, nanoseconds.</summary>
    [FieldOffset(0x38)] public Be32 CommitNanoseconds;
}
