using System.Runtime.InteropServices;
using ExtShell.Format.Endian;

namespace ExtShell.Format.OnDisk;

/// <summary>
/// A group descriptor of 64 bytes (<c>struct ext4_group_desc</c>). Without 64bit a descriptor is its first 32 bytes, and the high halves
/// do not exist: the combined values are told which.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 0x40)]
public partial struct GroupDescriptor
{
    /// <summary><c>bg_block_bitmap_lo</c>: block of the block bitmap, low half.</summary>
    [FieldOffset(0x00)] public Le32 BlockBitmapLow;

    /// <summary><c>bg_inode_bitmap_lo</c>: block of the inode bitmap, low half.</summary>
    [FieldOffset(0x04)] public Le32 InodeBitmapLow;

    /// <summary><c>bg_inode_table_lo</c>: first block of the inode table, low half.</summary>
    [FieldOffset(0x08)] public Le32 InodeTableLow;

    /// <summary><c>bg_free_blocks_count_lo</c>: free clusters, low half.</summary>
    [FieldOffset(0x0C)] public Le16 FreeBlocksCountLow;

    /// <summary><c>bg_free_inodes_count_lo</c>: free inodes, low half.</summary>
    [FieldOffset(0x0E)] public Le16 FreeInodesCountLow;

    /// <summary><c>bg_used_dirs_count_lo</c>: directories, low half.</summary>
    [FieldOffset(0x10)] public Le16 UsedDirectoriesCountLow;

    /// <summary><c>bg_flags</c>: see <see cref="GroupFlags"/>.</summary>
    [FieldOffset(0x12)] public Le16 Flags;

    /// <summary><c>bg_exclude_bitmap_lo</c>: of snapshots that never came to mainline.</summary>
    [FieldOffset(0x14)] public Le32 ExcludeBitmapLow;

    /// <summary><c>bg_block_bitmap_csum_lo</c>: sum of the block bitmap, low half.</summary>
    [FieldOffset(0x18)] public Le16 BlockBitmapChecksumLow;

    /// <summary><c>bg_inode_bitmap_csum_lo</c>: sum of the inode bitmap, low half.</summary>
    [FieldOffset(0x1A)] public Le16 InodeBitmapChecksumLow;

    /// <summary><c>bg_itable_unused_lo</c>: inodes at the table's end that were never used, low half.</summary>
    [FieldOffset(0x1C)] public Le16 UnusedInodesCountLow;

    /// <summary><c>bg_checksum</c>: low half of the CRC-32C with metadata_csum, or the CRC-16 with uninit_bg.</summary>
    [FieldOffset(0x1E)] public Le16 Checksum;

    /// <summary><c>bg_block_bitmap_hi</c>: block of the block bitmap, high half.</summary>
    [FieldOffset(0x20)] public Le32 BlockBitmapHigh;

    /// <summary><c>bg_inode_bitmap_hi</c>: block of the inode bitmap, high half.</summary>
    [FieldOffset(0x24)] public Le32 InodeBitmapHigh;

    /// <summary><c>bg_inode_table_hi</c>: first block of the inode table, high half.</summary>
    [FieldOffset(0x28)] public Le32 InodeTableHigh;

    /// <summary><c>bg_free_blocks_count_hi</c>: free clusters, high half.</summary>
    [FieldOffset(0x2C)] public Le16 FreeBlocksCountHigh;

    /// <summary><c>bg_free_inodes_count_hi</c>: free inodes, high half.</summary>
    [FieldOffset(0x2E)] public Le16 FreeInodesCountHigh;

    /// <summary><c>bg_used_dirs_count_hi</c>: directories, high half.</summary>
    [FieldOffset(0x30)] public Le16 UsedDirectoriesCountHigh;

    /// <summary><c>bg_itable_unused_hi</c>: inodes never used, high half.</summary>
    [FieldOffset(0x32)] public Le16 UnusedInodesCountHigh;

    /// <summary><c>bg_exclude_bitmap_hi</c>: of snapshots that never came to mainline.</summary>
    [FieldOffset(0x34)] public Le32 ExcludeBitmapHigh;

    /// <summary><c>bg_block_bitmap_csum_hi</c>: sum of the block bitmap, high half.</summary>
    [FieldOffset(0x38)] public Le16 BlockBitmapChecksumHigh;

    /// <summary><c>bg_inode_bitmap_csum_hi</c>: sum of the inode bitmap, high half.</summary>
    [FieldOffset(0x3A)] public Le16 InodeBitmapChecksumHigh;

    /// <summary><c>bg_reserved</c>: padding.</summary>
    [FieldOffset(0x3C)] public Le32 Reserved;
}
