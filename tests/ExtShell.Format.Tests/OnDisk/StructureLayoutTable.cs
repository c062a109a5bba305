namespace ExtShell.Format.Tests.OnDisk;

/// <summary>
/// Where each field is, from sources that are not ours: <c>offsetof</c> and <c>sizeof</c> compiled over the headers of libext2fs 1.47.0,
/// and for the journal and the roots of hash trees the tables of the kernel's documentation (Documentation/filesystems/ext4). One line a
/// field: our name, the format's, offset, size.
/// </summary>
internal static class StructureLayoutTable
{
    public const string SuperBlock = """
        InodesCount s_inodes_count 0x000 4
        BlocksCountLow s_blocks_count_lo 0x004 4
        ReservedBlocksCountLow s_r_blocks_count_lo 0x008 4
        FreeBlocksCountLow s_free_blocks_count_lo 0x00C 4
        FreeInodesCount s_free_inodes_count 0x010 4
        FirstDataBlock s_first_data_block 0x014 4
        LogBlockSize s_log_block_size 0x018 4
        LogClusterSize s_log_cluster_size 0x01C 4
        BlocksPerGroup s_blocks_per_group 0x020 4
        ClustersPerGroup s_clusters_per_group 0x024 4
        InodesPerGroup s_inodes_per_group 0x028 4
        MountTimeLow s_mtime 0x02C 4
        WriteTimeLow s_wtime 0x030 4
        MountCount s_mnt_count 0x034 2
        MaxMountCount s_max_mnt_count 0x036 2
        Magic s_magic 0x038 2
        State s_state 0x03A 2
        Errors s_errors 0x03C 2
        MinorRevisionLevel s_minor_rev_level 0x03E 2
        LastCheckLow s_lastcheck 0x040 4
        CheckInterval s_checkinterval 0x044 4
        CreatorOs s_creator_os 0x048 4
        RevisionLevel s_rev_level 0x04C 4
        DefaultReservedUid s_def_resuid 0x050 2
        DefaultReservedGid s_def_resgid 0x052 2
        FirstInode s_first_ino 0x054 4
        InodeSize s_inode_size 0x058 2
        BlockGroupNumber s_block_group_nr 0x05A 2
        FeatureCompat s_feature_compat 0x05C 4
        FeatureIncompat s_feature_incompat 0x060 4
        FeatureReadOnlyCompat s_feature_ro_compat 0x064 4
        Uuid s_uuid 0x068 16
        VolumeName s_volume_name 0x078 16
        LastMounted s_last_mounted 0x088 64
        AlgorithmUsageBitmap s_algorithm_usage_bitmap 0x0C8 4
        PreallocateBlocks s_prealloc_blocks 0x0CC 1
        PreallocateDirectoryBlocks s_prealloc_dir_blocks 0x0CD 1
        ReservedGdtBlocks s_reserved_gdt_blocks 0x0CE 2
        JournalUuid s_journal_uuid 0x0D0 16
        JournalInode s_journal_inum 0x0E0 4
        JournalDevice s_journal_dev 0x0E4 4
        LastOrphan s_last_orphan 0x0E8 4
        HashSeed s_hash_seed 0x0EC 16
        DefaultHashVersion s_def_hash_version 0x0FC 1
        JournalBackupType s_jnl_backup_type 0x0FD 1
        DescriptorSize s_desc_size 0x0FE 2
        DefaultMountOptions s_default_mount_opts 0x100 4
        FirstMetaBlockGroup s_first_meta_bg 0x104 4
        MakeTimeLow s_mkfs_time 0x108 4
        JournalBlocks s_jnl_blocks 0x10C 68
        BlocksCountHigh s_blocks_count_hi 0x150 4
        ReservedBlocksCountHigh s_r_blocks_count_hi 0x154 4
        FreeBlocksCountHigh s_free_blocks_count_hi 0x158 4
        MinExtraInodeSize s_min_extra_isize 0x15C 2
        WantExtraInodeSize s_want_extra_isize 0x15E 2
        Flags s_flags 0x160 4
        RaidStride s_raid_stride 0x164 2
        MmpUpdateInterval s_mmp_update_interval 0x166 2
        MmpBlock s_mmp_block 0x168 8
        RaidStripeWidth s_raid_stripe_width 0x170 4
        LogGroupsPerFlex s_log_groups_per_flex 0x174 1
        ChecksumType s_checksum_type 0x175 1
        EncryptionLevel s_encryption_level 0x176 1
        ReservedPad s_reserved_pad 0x177 1
        KibibytesWritten s_kbytes_written 0x178 8
        SnapshotInode s_snapshot_inum 0x180 4
        SnapshotId s_snapshot_id 0x184 4
        SnapshotReservedBlocksCount s_snapshot_r_blocks_count 0x188 8
        SnapshotList s_snapshot_list 0x190 4
        ErrorCount s_error_count 0x194 4
        FirstErrorTimeLow s_first_error_time 0x198 4
        FirstErrorInode s_first_error_ino 0x19C 4
        FirstErrorBlock s_first_error_block 0x1A0 8
        FirstErrorFunction s_first_error_func 0x1A8 32
        FirstErrorLine s_first_error_line 0x1C8 4
        LastErrorTimeLow s_last_error_time 0x1CC 4
        LastErrorInode s_last_error_ino 0x1D0 4
        LastErrorLine s_last_error_line 0x1D4 4
        LastErrorBlock s_last_error_block 0x1D8 8
        LastErrorFunction s_last_error_func 0x1E0 32
        MountOptions s_mount_opts 0x200 64
        UserQuotaInode s_usr_quota_inum 0x240 4
        GroupQuotaInode s_grp_quota_inum 0x244 4
        OverheadClusters s_overhead_clusters 0x248 4
        BackupBlockGroups s_backup_bgs 0x24C 8
        EncryptionAlgorithms s_encrypt_algos 0x254 4
        EncryptionPasswordSalt s_encrypt_pw_salt 0x258 16
        LostAndFoundInode s_lpf_ino 0x268 4
        ProjectQuotaInode s_prj_quota_inum 0x26C 4
        ChecksumSeed s_checksum_seed 0x270 4
        WriteTimeHigh s_wtime_hi 0x274 1
        MountTimeHigh s_mtime_hi 0x275 1
        MakeTimeHigh s_mkfs_time_hi 0x276 1
        LastCheckHigh s_lastcheck_hi 0x277 1
        FirstErrorTimeHigh s_first_error_time_hi 0x278 1
        LastErrorTimeHigh s_last_error_time_hi 0x279 1
        FirstErrorCode s_first_error_errcode 0x27A 1
        LastErrorCode s_last_error_errcode 0x27B 1
        Encoding s_encoding 0x27C 2
        EncodingFlags s_encoding_flags 0x27E 2
        OrphanFileInode s_orphan_file_inum 0x280 4
        Checksum s_checksum 0x3FC 4
        """;

    public const string GroupDescriptor = """
        BlockBitmapLow bg_block_bitmap_lo 0x000 4
        InodeBitmapLow bg_inode_bitmap_lo 0x004 4
        InodeTableLow bg_inode_table_lo 0x008 4
        FreeBlocksCountLow bg_free_blocks_count_lo 0x00C 2
        FreeInodesCountLow bg_free_inodes_count_lo 0x00E 2
        UsedDirectoriesCountLow bg_used_dirs_count_lo 0x010 2
        Flags bg_flags 0x012 2
        ExcludeBitmapLow bg_exclude_bitmap_lo 0x014 4
        BlockBitmapChecksumLow bg_block_bitmap_csum_lo 0x018 2
        InodeBitmapChecksumLow bg_inode_bitmap_csum_lo 0x01A 2
        UnusedInodesCountLow bg_itable_unused_lo 0x01C 2
        Checksum bg_checksum 0x01E 2
        BlockBitmapHigh bg_block_bitmap_hi 0x020 4
        InodeBitmapHigh bg_inode_bitmap_hi 0x024 4
        InodeTableHigh bg_inode_table_hi 0x028 4
        FreeBlocksCountHigh bg_free_blocks_count_hi 0x02C 2
        FreeInodesCountHigh bg_free_inodes_count_hi 0x02E 2
        UsedDirectoriesCountHigh bg_used_dirs_count_hi 0x030 2
        UnusedInodesCountHigh bg_itable_unused_hi 0x032 2
        ExcludeBitmapHigh bg_exclude_bitmap_hi 0x034 4
        BlockBitmapChecksumHigh bg_block_bitmap_csum_hi 0x038 2
        InodeBitmapChecksumHigh bg_inode_bitmap_csum_hi 0x03A 2
        Reserved bg_reserved 0x03C 4
        """;

    public const string InodeRecord = """
        ModeValue i_mode 0x000 2
        UidLow i_uid 0x002 2
        SizeLow i_size_lo 0x004 4
        AccessTimeSeconds i_atime 0x008 4
        ChangeTimeSeconds i_ctime 0x00C 4
        ModifyTimeSeconds i_mtime 0x010 4
        DeletionTime i_dtime 0x014 4
        GidLow i_gid 0x018 2
        LinksCount i_links_count 0x01A 2
        BlocksLow i_blocks_lo 0x01C 4
        FlagsValue i_flags 0x020 4
        VersionLow l_i_version 0x024 4
        Block i_block 0x028 60
        Generation i_generation 0x064 4
        FileAclLow i_file_acl_lo 0x068 4
        SizeHigh i_size_high 0x06C 4
        ObsoleteFragmentAddress i_obso_faddr 0x070 4
        BlocksHigh l_i_blocks_high 0x074 2
        FileAclHigh l_i_file_acl_high 0x076 2
        UidHigh l_i_uid_high 0x078 2
        GidHigh l_i_gid_high 0x07A 2
        ChecksumLow l_i_checksum_lo 0x07C 2
        Reserved l_i_reserved 0x07E 2
        ExtraSize i_extra_isize 0x080 2
        ChecksumHigh i_checksum_hi 0x082 2
        ChangeTimeExtra i_ctime_extra 0x084 4
        ModifyTimeExtra i_mtime_extra 0x088 4
        AccessTimeExtra i_atime_extra 0x08C 4
        CreationTimeSeconds i_crtime 0x090 4
        CreationTimeExtra i_crtime_extra 0x094 4
        VersionHigh i_version_hi 0x098 4
        ProjectId i_projid 0x09C 4
        """;

    public const string ExtentHeader = """
        Magic eh_magic 0x000 2
        EntriesCount eh_entries 0x002 2
        MaxEntriesCount eh_max 0x004 2
        Depth eh_depth 0x006 2
        Generation eh_generation 0x008 4
        """;

    public const string ExtentLeaf = """
        LogicalBlock ee_block 0x000 4
        RawLength ee_len 0x004 2
        StartHigh ee_start_hi 0x006 2
        StartLow ee_start_lo 0x008 4
        """;

    public const string ExtentIndex = """
        LogicalBlock ei_block 0x000 4
        LeafLow ei_leaf_lo 0x004 4
        LeafHigh ei_leaf_hi 0x008 2
        Unused ei_unused 0x00A 2
        """;

    public const string ExtentTail = """
        Checksum et_checksum 0x000 4
        """;

    public const string DirectoryEntryHeader = """
        Inode inode 0x000 4
        RecordLengthValue rec_len 0x004 2
        NameLength name_len 0x006 1
        FileTypeValue file_type 0x007 1
        """;

    public const string DirectoryTail = """
        ReservedZero1 det_reserved_zero1 0x000 4
        RecordLength det_rec_len 0x004 2
        ReservedZero2 det_reserved_zero2 0x006 1
        ReservedFileType det_reserved_ft 0x007 1
        Checksum det_checksum 0x008 4
        """;

    public const string DxEntry = """
        Hash hash 0x000 4
        Block block 0x004 4
        """;

    public const string DxCountLimit = """
        Limit limit 0x000 2
        Count count 0x002 2
        """;

    public const string DxTail = """
        Reserved dt_reserved 0x000 4
        Checksum dt_checksum 0x004 4
        """;

    public const string XattrHeader = """
        Magic h_magic 0x000 4
        ReferenceCount h_refcount 0x004 4
        BlocksCount h_blocks 0x008 4
        Hash h_hash 0x00C 4
        Checksum h_checksum 0x010 4
        ReservedLow h_reserved 0x014 8
        ReservedHigh h_reserved 0x01C 4
        """;

    public const string XattrEntry = """
        NameLength e_name_len 0x000 1
        NameIndex e_name_index 0x001 1
        ValueOffset e_value_offs 0x002 2
        ValueInode e_value_inum 0x004 4
        ValueSize e_value_size 0x008 4
        Hash e_hash 0x00C 4
        """;

    public const string OrphanBlockTail = """
        Magic ob_magic 0x000 4
        Checksum ob_checksum 0x004 4
        """;

    public const string JournalHeader = """
        Magic h_magic 0x000 4
        BlockTypeValue h_blocktype 0x004 4
        Sequence h_sequence 0x008 4
        """;

    public const string JournalSuperBlock = """
        Header s_header 0x000 12
        BlockSize s_blocksize 0x00C 4
        MaxLength s_maxlen 0x010 4
        First s_first 0x014 4
        Sequence s_sequence 0x018 4
        Start s_start 0x01C 4
        ErrorNumber s_errno 0x020 4
        FeatureCompat s_feature_compat 0x024 4
        FeatureIncompat s_feature_incompat 0x028 4
        FeatureReadOnlyCompat s_feature_ro_compat 0x02C 4
        Uuid s_uuid 0x030 16
        UsersCount s_nr_users 0x040 4
        DynamicSuperBlock s_dynsuper 0x044 4
        MaxTransaction s_max_transaction 0x048 4
        MaxTransactionData s_max_trans_data 0x04C 4
        ChecksumType s_checksum_type 0x050 1
        Padding1 s_padding2 0x051 1
        Padding2 s_padding2 0x052 2
        FastCommitBlocksCount s_num_fc_blks 0x054 4
        Head s_head 0x058 4
        Checksum s_checksum 0x0FC 4
        """;

    public const string BlockTag3 = """
        BlockNumberLow t_blocknr 0x000 4
        FlagsValue t_flags 0x004 4
        BlockNumberHigh t_blocknr_high 0x008 4
        Checksum t_checksum 0x00C 4
        """;

    public const string BlockTag = """
        BlockNumberLow t_blocknr 0x000 4
        Checksum t_checksum 0x004 2
        FlagsValue t_flags 0x006 2
        BlockNumberHigh t_blocknr_high 0x008 4
        """;

    public const string JournalBlockTail = """
        Checksum t_checksum 0x000 4
        """;

    public const string RevokeHeader = """
        Header r_header 0x000 12
        UsedBytes r_count 0x00C 4
        """;

    public const string CommitRecord = """
        Header h_header 0x000 12
        ChecksumType h_chksum_type 0x00C 1
        ChecksumSize h_chksum_size 0x00D 1
        Padding1 h_padding 0x00E 1
        Padding2 h_padding 0x00F 1
        Checksums h_chksum 0x010 32
        CommitSeconds h_commit_sec 0x030 8
        CommitNanoseconds h_commit_nsec 0x038 4
        """;

    public const string DxRoot = """
        DotInode dot.inode 0x000 4
        DotRecordLength dot.rec_len 0x004 2
        DotNameLength dot.name_len 0x006 1
        DotFileType dot.file_type 0x007 1
        DotName dot.name 0x008 4
        DotDotInode dotdot.inode 0x00C 4
        DotDotRecordLength dotdot.rec_len 0x010 2
        DotDotNameLength dotdot.name_len 0x012 1
        DotDotFileType dotdot.file_type 0x013 1
        DotDotName dotdot.name 0x014 4
        ReservedZero info.reserved_zero 0x018 4
        HashVersion info.hash_version 0x01C 1
        InfoLength info.info_length 0x01D 1
        IndirectLevels info.indirect_levels 0x01E 1
        UnusedFlags info.unused_flags 0x01F 1
        """;

    public const string DxNode = """
        FakeInode fake.inode 0x000 4
        FakeRecordLength fake.rec_len 0x004 2
        FakeNameLength name_len 0x006 1
        FakeFileType file_type 0x007 1
        """;

    public const string FastCommitTagLength = """
        TagValue fc_tag 0x000 2
        LengthBytes fc_len 0x002 2
        """;

    public const string FastCommitHead = """
        Features fc_features 0x000 4
        TransactionId fc_tid 0x004 4
        """;

    public const string FastCommitAddRange = """
        Inode fc_ino 0x000 4
        ExtentBegin fc_ex 0x004 4
        ExtentRest fc_ex 0x008 8
        """;

    public const string FastCommitDeleteRange = """
        Inode fc_ino 0x000 4
        LogicalBlock fc_lblk 0x004 4
        LengthBlocks fc_len 0x008 4
        """;

    public const string FastCommitDirectoryEntry = """
        ParentInode fc_parent_ino 0x000 4
        Inode fc_ino 0x004 4
        """;

    public const string FastCommitInode = """
        Inode fc_ino 0x000 4
        """;

    public const string FastCommitTail = """
        TransactionId fc_tid 0x000 4
        Checksum fc_crc 0x004 4
        """;
}
