using System.Runtime.InteropServices;
using ExtShell.Format.Endian;

namespace ExtShell.Format.OnDisk;

/// <summary>
/// An inode (<c>struct ext4_inode</c>, Linux's reading of the parts that depend on the creator's system): the first 128 bytes and the 32
/// extra ones. An inode of 128 bytes ends before <see cref="ExtraSize"/>; larger ones go on after it with attributes. Use <see
/// cref="Load"/> and
/// <see cref="Store"/> where the size may be either, and a view where it is at least 160.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 0xA0)]
public partial struct InodeRecord
{
    /// <summary><c>i_mode</c>: type and permissions; see <see cref="FileMode"/>.</summary>
    [FieldOffset(0x00)] public Le16 ModeValue;

    /// <summary><c>i_uid</c>: owner, low half.</summary>
    [FieldOffset(0x02)] public Le16 UidLow;

    /// <summary><c>i_size_lo</c>: size in bytes, low half.</summary>
    [FieldOffset(0x04)] public Le32 SizeLow;

    /// <summary><c>i_atime</c>: last access, seconds.</summary>
    [FieldOffset(0x08)] public Le32 AccessTimeSeconds;

    /// <summary><c>i_ctime</c>: last change of the inode, seconds.</summary>
    [FieldOffset(0x0C)] public Le32 ChangeTimeSeconds;

    /// <summary><c>i_mtime</c>: last change of the data, seconds.</summary>
    [FieldOffset(0x10)] public Le32 ModifyTimeSeconds;

    /// <summary><c>i_dtime</c>: when it was deleted, or the next inode of the orphan list.</summary>
    [FieldOffset(0x14)] public Le32 DeletionTime;

    /// <summary><c>i_gid</c>: group, low half.</summary>
    [FieldOffset(0x18)] public Le16 GidLow;

    /// <summary><c>i_links_count</c>: hard links.</summary>
    [FieldOffset(0x1A)] public Le16 LinksCount;

    /// <summary><c>i_blocks_lo</c>: space taken, low half: 512-byte sectors, or blocks with the huge_file flag.</summary>
    [FieldOffset(0x1C)] public Le32 BlocksLow;

    /// <summary><c>i_flags</c>: see <see cref="InodeFlags"/>.</summary>
    [FieldOffset(0x20)] public Le32 FlagsValue;

    /// <summary><c>l_i_version</c>: change counter, low half.</summary>
    [FieldOffset(0x24)] public Le32 VersionLow;

    /// <summary><c>i_block</c>: extent tree root, block map, short symbolic link, device number or inline data.</summary>
    [FieldOffset(0x28)] public Bytes60 Block;

    /// <summary><c>i_generation</c>: tells users of the same number apart; part of the checksums' seed.</summary>
    [FieldOffset(0x64)] public Le32 Generation;

    /// <summary><c>i_file_acl_lo</c>: block of attributes, low half.</summary>
    [FieldOffset(0x68)] public Le32 FileAclLow;

    /// <summary><c>i_size_high</c>: size in bytes, high half.</summary>
    [FieldOffset(0x6C)] public Le32 SizeHigh;

    /// <summary><c>i_obso_faddr</c>: unused.</summary>
    [FieldOffset(0x70)] public Le32 ObsoleteFragmentAddress;

    /// <summary><c>l_i_blocks_high</c>: space taken, high half.</summary>
    [FieldOffset(0x74)] public Le16 BlocksHigh;

    /// <summary><c>l_i_file_acl_high</c>: block of attributes, high half.</summary>
    [FieldOffset(0x76)] public Le16 FileAclHigh;

    /// <summary><c>l_i_uid_high</c>: owner, high half.</summary>
    [FieldOffset(0x78)] public Le16 UidHigh;

    /// <summary><c>l_i_gid_high</c>: group, high half.</summary>
    [FieldOffset(0x7A)] public Le16 GidHigh;

    /// <summary><c>l_i_checksum_lo</c>: CRC-32C, low half.</summary>
    [FieldOffset(0x7C)] public Le16 ChecksumLow;

    /// <summary><c>l_i_reserved</c>: padding.</summary>
    [FieldOffset(0x7E)] public Le16 Reserved;

    /// <summary><c>i_extra_isize</c>: bytes of the fields from here on that are in use.</summary>
    [FieldOffset(0x80)] public Le16 ExtraSize;

    /// <summary><c>i_checksum_hi</c>: CRC-32C, high half.</summary>
    [FieldOffset(0x82)] public Le16 ChecksumHigh;

    /// <summary><c>i_ctime_extra</c>: nanoseconds and two more bits of seconds.</summary>
    [FieldOffset(0x84)] public Le32 ChangeTimeExtra;

    /// <summary><c>i_mtime_extra</c>: nanoseconds and two more bits of seconds.</summary>
    [FieldOffset(0x88)] public Le32 ModifyTimeExtra;

    /// <summary><c>i_atime_extra</c>: nanoseconds and two more bits of seconds.</summary>
    [FieldOffset(0x8C)] public Le32 AccessTimeExtra;

    /// <summary><c>i_crtime</c>: when it was made, seconds.</summary>
    [FieldOffset(0x90)] public Le32 CreationTimeSeconds;

    /// <summary><c>i_crtime_extra</c>: nanoseconds and two more bits of seconds.</summary>
    [FieldOffset(0x94)] public Le32 CreationTimeExtra;

    /// <summary><c>i_version_hi</c>: change counter, high half.</summary>
    [FieldOffset(0x98)] public Le32 VersionHigh;

    /// <summary><c>i_projid</c>: project.</summary>
    [FieldOffset(0x9C)] public Le32 ProjectId;
}
