using System.Runtime.InteropServices;
using ExtShell.Format.Endian;

namespace ExtShell.Format.OnDisk;

/// <summary>
/// The ext4 superblock: 1,024 bytes at byte 1,024 of the image, with copies in the groups that the sparse-super rules name.
/// Field names follow <c>struct ext4_super_block</c> spelled out; combined and decoded values are in the other part of this type.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 0x400)]
public partial struct SuperBlock
{
    /// <summary><c>s_inodes_count</c>: number of inodes.</summary>
    [FieldOffset(0x00)] public Le32 InodesCount;

    /// <summary><c>s_blocks_count_lo</c>: number of blocks, low half.</summary>
    [FieldOffset(0x04)] public Le32 BlocksCountLow;

    /// <summary><c>s_r_blocks_count_lo</c>: blocks reserved for the superuser, low half.</summary>
    [FieldOffset(0x08)] public Le32 ReservedBlocksCountLow;

    /// <summary><c>s_free_blocks_count_lo</c>: free blocks, low half.</summary>
    [FieldOffset(0x0C)] public Le32 FreeBlocksCountLow;

    /// <summary><c>s_free_inodes_count</c>: free inodes.</summary>
    [FieldOffset(0x10)] public Le32 FreeInodesCount;

    /// <summary><c>s_first_data_block</c>: the block with which group 0 begins: 1 with blocks of 1 KiB, else 0.</summary>
    [FieldOffset(0x14)] public Le32 FirstDataBlock;

    /// <summary><c>s_log_block_size</c>: the block size is 1,024 shifted left by this.</summary>
    [FieldOffset(0x18)] public Le32 LogBlockSize;

    /// <summary><c>s_log_cluster_size</c>: the cluster size is 1,024 shifted left by this.</summary>
    [FieldOffset(0x1C)] public Le32 LogClusterSize;

    /// <summary><c>s_blocks_per_group</c>: blocks in a group.</summary>
    [FieldOffset(0x20)] public Le32 BlocksPerGroup;

    /// <summary><c>s_clusters_per_group</c>: clusters in a group.</summary>
    [FieldOffset(0x24)] public Le32 ClustersPerGroup;

    /// <summary><c>s_inodes_per_group</c>: inodes in a group.</summary>
    [FieldOffset(0x28)] public Le32 InodesPerGroup;

    /// <summary><c>s_mtime</c>: last mount, seconds, low 32 bits.</summary>
    [FieldOffset(0x2C)] public Le32 MountTimeLow;

    /// <summary><c>s_wtime</c>: last write, seconds, low 32 bits.</summary>
    [FieldOffset(0x30)] public Le32 WriteTimeLow;

    /// <summary><c>s_mnt_count</c>: mounts since the last check.</summary>
    [FieldOffset(0x34)] public Le16 MountCount;

    /// <summary><c>s_max_mnt_count</c>: mounts after which a check is due; 0xFFFF is never.</summary>
    [FieldOffset(0x36)] public Le16 MaxMountCount;

    /// <summary><c>s_magic</c>: 0xEF53.</summary>
    [FieldOffset(0x38)] public Le16 Magic;

    /// <summary><c>s_state</c>: see <see cref="MountState"/>.</summary>
    [FieldOffset(0x3A)] public Le16 State;

    /// <summary><c>s_errors</c>: what to do at an error; see <see cref="ErrorsBehaviour"/>.</summary>
    [FieldOffset(0x3C)] public Le16 Errors;

    /// <summary><c>s_minor_rev_level</c>: minor revision.</summary>
    [FieldOffset(0x3E)] public Le16 MinorRevisionLevel;

    /// <summary><c>s_lastcheck</c>: last check, seconds, low 32 bits.</summary>
    [FieldOffset(0x40)] public Le32 LastCheckLow;

    /// <summary><c>s_checkinterval</c>: longest time between checks, seconds.</summary>
    [FieldOffset(0x44)] public Le32 CheckInterval;

    /// <summary><c>s_creator_os</c>: 0 is Linux.</summary>
    [FieldOffset(0x48)] public Le32 CreatorOs;

    /// <summary><c>s_rev_level</c>: 0 is the original format, 1 has the dynamic fields from here on.</summary>
    [FieldOffset(0x4C)] public Le32 RevisionLevel;

    /// <summary><c>s_def_resuid</c>: who may use the reserved blocks.</summary>
    [FieldOffset(0x50)] public Le16 DefaultReservedUid;

    /// <summary><c>s_def_resgid</c>: which group may use the reserved blocks.</summary>
    [FieldOffset(0x52)] public Le16 DefaultReservedGid;

    /// <summary><c>s_first_ino</c>: the first inode that is not reserved.</summary>
    [FieldOffset(0x54)] public Le32 FirstInode;

    /// <summary><c>s_inode_size</c>: bytes of an inode.</summary>
    [FieldOffset(0x58)] public Le16 InodeSize;

    /// <summary><c>s_block_group_nr</c>: the group that holds this copy.</summary>
    [FieldOffset(0x5A)] public Le16 BlockGroupNumber;

    /// <summary><c>s_feature_compat</c>: see <see cref="CompatibleFeatures"/>.</summary>
    [FieldOffset(0x5C)] public Le32 FeatureCompat;

    /// <summary><c>s_feature_incompat</c>: see <see cref="IncompatibleFeatures"/>.</summary>
    [FieldOffset(0x60)] public Le32 FeatureIncompat;

    /// <summary><c>s_feature_ro_compat</c>: see <see cref="ReadOnlyCompatibleFeatures"/>.</summary>
    [FieldOffset(0x64)] public Le32 FeatureReadOnlyCompat;

    /// <summary><c>s_uuid</c>: identity of the volume.</summary>
    [FieldOffset(0x68)] public Uuid Uuid;

    /// <summary><c>s_volume_name</c>: label, filled with zero bytes.</summary>
    [FieldOffset(0x78)] public Bytes16 VolumeName;

    /// <summary><c>s_last_mounted</c>: where it was mounted last.</summary>
    [FieldOffset(0x88)] public Bytes64 LastMounted;

    /// <summary><c>s_algorithm_usage_bitmap</c>: for compression; unused.</summary>
    [FieldOffset(0xC8)] public Le32 AlgorithmUsageBitmap;

    /// <summary><c>s_prealloc_blocks</c>: unused.</summary>
    [FieldOffset(0xCC)] public byte PreallocateBlocks;

    /// <summary><c>s_prealloc_dir_blocks</c>: unused.</summary>
    [FieldOffset(0xCD)] public byte PreallocateDirectoryBlocks;

    /// <summary><c>s_reserved_gdt_blocks</c>: descriptor blocks kept for growing.</summary>
    [FieldOffset(0xCE)] public Le16 ReservedGdtBlocks;

    /// <summary><c>s_journal_uuid</c>: identity of the journal's superblock.</summary>
    [FieldOffset(0xD0)] public Uuid JournalUuid;

    /// <summary><c>s_journal_inum</c>: the journal's inode.</summary>
    [FieldOffset(0xE0)] public Le32 JournalInode;

    /// <summary><c>s_journal_dev</c>: device number of an external journal.</summary>
    [FieldOffset(0xE4)] public Le32 JournalDevice;

    /// <summary><c>s_last_orphan</c>: head of the list of orphan inodes.</summary>
    [FieldOffset(0xE8)] public Le32 LastOrphan;

    /// <summary><c>s_hash_seed</c>: seed of the directory hash.</summary>
    [FieldOffset(0xEC)] public Le32Array4 HashSeed;

    /// <summary><c>s_def_hash_version</c>: see <see cref="DirectoryHashVersion"/>.</summary>
    [FieldOffset(0xFC)] public byte DefaultHashVersion;

    /// <summary><c>s_jnl_backup_type</c>: 1 if <see cref="JournalBlocks"/> holds the journal inode's map.</summary>
    [FieldOffset(0xFD)] public byte JournalBackupType;

    /// <summary><c>s_desc_size</c>: bytes of a group descriptor, with 64bit.</summary>
    [FieldOffset(0xFE)] public Le16 DescriptorSize;

    /// <summary><c>s_default_mount_opts</c>: mount options by default.</summary>
    [FieldOffset(0x100)] public Le32 DefaultMountOptions;

    /// <summary><c>s_first_meta_bg</c>: the first meta block group, with meta_bg.</summary>
    [FieldOffset(0x104)] public Le32 FirstMetaBlockGroup;

    /// <summary><c>s_mkfs_time</c>: when it was made, seconds, low 32 bits.</summary>
    [FieldOffset(0x108)] public Le32 MakeTimeLow;

    /// <summary><c>s_jnl_blocks</c>: copy of the journal inode's i_block, i_size_high and i_size.</summary>
    [FieldOffset(0x10C)] public Le32Array17 JournalBlocks;

    /// <summary><c>s_blocks_count_hi</c>: number of blocks, high half.</summary>
    [FieldOffset(0x150)] public Le32 BlocksCountHigh;

    /// <summary><c>s_r_blocks_count_hi</c>: reserved blocks, high half.</summary>
    [FieldOffset(0x154)] public Le32 ReservedBlocksCountHigh;

    /// <summary><c>s_free_blocks_count_hi</c>: free blocks, high half.</summary>
    [FieldOffset(0x158)] public Le32 FreeBlocksCountHigh;

    /// <summary><c>s_min_extra_isize</c>: all inodes have at least this many extra bytes.</summary>
    [FieldOffset(0x15C)] public Le16 MinExtraInodeSize;

    /// <summary><c>s_want_extra_isize</c>: new inodes should have this many extra bytes.</summary>
    [FieldOffset(0x15E)] public Le16 WantExtraInodeSize;

    /// <summary><c>s_flags</c>: see <see cref="SuperBlockFlags"/>.</summary>
    [FieldOffset(0x160)] public Le32 Flags;

    /// <summary><c>s_raid_stride</c>: RAID stride, blocks.</summary>
    [FieldOffset(0x164)] public Le16 RaidStride;

    /// <summary><c>s_mmp_update_interval</c>: seconds between updates of the MMP block.</summary>
    [FieldOffset(0x166)] public Le16 MmpUpdateInterval;

    /// <summary><c>s_mmp_block</c>: the block for multiple-mount protection.</summary>
    [FieldOffset(0x168)] public Le64 MmpBlock;

    /// <summary><c>s_raid_stripe_width</c>: blocks on all data disks of the RAID.</summary>
    [FieldOffset(0x170)] public Le32 RaidStripeWidth;

    /// <summary><c>s_log_groups_per_flex</c>: a flexible group is 1 shifted left by this many groups.</summary>
    [FieldOffset(0x174)] public byte LogGroupsPerFlex;

    /// <summary><c>s_checksum_type</c>: 1 is CRC-32C.</summary>
    [FieldOffset(0x175)] public byte ChecksumType;

    /// <summary><c>s_encryption_level</c>: version of encryption.</summary>
    [FieldOffset(0x176)] public byte EncryptionLevel;

    /// <summary><c>s_reserved_pad</c>: padding.</summary>
    [FieldOffset(0x177)] public byte ReservedPad;

    /// <summary><c>s_kbytes_written</c>: KiB written over the volume's life.</summary>
    [FieldOffset(0x178)] public Le64 KibibytesWritten;

    /// <summary><c>s_snapshot_inum</c>: of snapshots that never came to mainline.</summary>
    [FieldOffset(0x180)] public Le32 SnapshotInode;

    /// <summary><c>s_snapshot_id</c>: of snapshots that never came to mainline.</summary>
    [FieldOffset(0x184)] public Le32 SnapshotId;

    /// <summary><c>s_snapshot_r_blocks_count</c>: of snapshots that never came to mainline.</summary>
    [FieldOffset(0x188)] public Le64 SnapshotReservedBlocksCount;

    /// <summary><c>s_snapshot_list</c>: of snapshots that never came to mainline.</summary>
    [FieldOffset(0x190)] public Le32 SnapshotList;

    /// <summary><c>s_error_count</c>: errors seen since the last check.</summary>
    [FieldOffset(0x194)] public Le32 ErrorCount;

    /// <summary><c>s_first_error_time</c>: time of the first error, seconds, low 32 bits.</summary>
    [FieldOffset(0x198)] public Le32 FirstErrorTimeLow;

    /// <summary><c>s_first_error_ino</c>: inode of the first error.</summary>
    [FieldOffset(0x19C)] public Le32 FirstErrorInode;

    /// <summary><c>s_first_error_block</c>: block of the first error.</summary>
    [FieldOffset(0x1A0)] public Le64 FirstErrorBlock;

    /// <summary><c>s_first_error_func</c>: function that saw the first error.</summary>
    [FieldOffset(0x1A8)] public Bytes32 FirstErrorFunction;

    /// <summary><c>s_first_error_line</c>: line that saw the first error.</summary>
    [FieldOffset(0x1C8)] public Le32 FirstErrorLine;

    /// <summary><c>s_last_error_time</c>: time of the last error, seconds, low 32 bits.</summary>
    [FieldOffset(0x1CC)] public Le32 LastErrorTimeLow;

    /// <summary><c>s_last_error_ino</c>: inode of the last error.</summary>
    [FieldOffset(0x1D0)] public Le32 LastErrorInode;

    /// <summary><c>s_last_error_line</c>: line that saw the last error.</summary>
    [FieldOffset(0x1D4)] public Le32 LastErrorLine;

    /// <summary><c>s_last_error_block</c>: block of the last error.</summary>
    [FieldOffset(0x1D8)] public Le64 LastErrorBlock;

    /// <summary><c>s_last_error_func</c>: function that saw the last error.</summary>
    [FieldOffset(0x1E0)] public Bytes32 LastErrorFunction;

    /// <summary><c>s_mount_opts</c>: mount options as text.</summary>
    [FieldOffset(0x200)] public Bytes64 MountOptions;

    /// <summary><c>s_usr_quota_inum</c>: inode of the user quota file.</summary>
    [FieldOffset(0x240)] public Le32 UserQuotaInode;

    /// <summary><c>s_grp_quota_inum</c>: inode of the group quota file.</summary>
    [FieldOffset(0x244)] public Le32 GroupQuotaInode;

    /// <summary><c>s_overhead_clusters</c>: clusters taken by metadata; 0 if not known.</summary>
    [FieldOffset(0x248)] public Le32 OverheadClusters;

    /// <summary><c>s_backup_bgs</c>: the groups with superblock copies, with sparse_super2.</summary>
    [FieldOffset(0x24C)] public Le32Array2 BackupBlockGroups;

    /// <summary><c>s_encrypt_algos</c>: encryption algorithms in use.</summary>
    [FieldOffset(0x254)] public Bytes4 EncryptionAlgorithms;

    /// <summary><c>s_encrypt_pw_salt</c>: salt of encryption passwords.</summary>
    [FieldOffset(0x258)] public Bytes16 EncryptionPasswordSalt;

    /// <summary><c>s_lpf_ino</c>: inode of lost+found.</summary>
    [FieldOffset(0x268)] public Le32 LostAndFoundInode;

    /// <summary><c>s_prj_quota_inum</c>: inode of the project quota file.</summary>
    [FieldOffset(0x26C)] public Le32 ProjectQuotaInode;

    /// <summary><c>s_checksum_seed</c>: seed of all checksums, with metadata_csum_seed.</summary>
    [FieldOffset(0x270)] public Le32 ChecksumSeed;

    /// <summary><c>s_wtime_hi</c>: last write, bits 32 to 39.</summary>
    [FieldOffset(0x274)] public byte WriteTimeHigh;

    /// <summary><c>s_mtime_hi</c>: last mount, bits 32 to 39.</summary>
    [FieldOffset(0x275)] public byte MountTimeHigh;

    /// <summary><c>s_mkfs_time_hi</c>: when it was made, bits 32 to 39.</summary>
    [FieldOffset(0x276)] public byte MakeTimeHigh;

    /// <summary><c>s_lastcheck_hi</c>: last check, bits 32 to 39.</summary>
    [FieldOffset(0x277)] public byte LastCheckHigh;

    /// <summary><c>s_first_error_time_hi</c>: time of the first error, bits 32 to 39.</summary>
    [FieldOffset(0x278)] public byte FirstErrorTimeHigh;

    /// <summary><c>s_last_error_time_hi</c>: time of the last error, bits 32 to 39.</summary>
    [FieldOffset(0x279)] public byte LastErrorTimeHigh;

    /// <summary><c>s_first_error_errcode</c>: code of the first error.</summary>
    [FieldOffset(0x27A)] public byte FirstErrorCode;

    /// <summary><c>s_last_error_errcode</c>: code of the last error.</summary>
    [FieldOffset(0x27B)] public byte LastErrorCode;

    /// <summary><c>s_encoding</c>: encoding of names, with casefold.</summary>
    [FieldOffset(0x27C)] public Le16 Encoding;

    /// <summary><c>s_encoding_flags</c>: flags of the encoding.</summary>
    [FieldOffset(0x27E)] public Le16 EncodingFlags;

    /// <summary><c>s_orphan_file_inum</c>: inode of the orphan file.</summary>
    [FieldOffset(0x280)] public Le32 OrphanFileInode;

    /// <summary><c>s_checksum</c>: CRC-32C of what is before it, with metadata_csum.</summary>
    [FieldOffset(0x3FC)] public Le32 Checksum;
}
