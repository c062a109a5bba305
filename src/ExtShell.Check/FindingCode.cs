namespace ExtShell.Check;

/// <summary>
/// What kind of thing was found: stable names and numbers, for programs. Each names e2fsck's analogue where there is one.
/// </summary>
public enum FindingCode
{
    /// <summary>The superblock's sum does not match (PR_0_SB_CSUM; e2fsck then tries the copies). Nothing else is checked.</summary>
    SuperBlockChecksumMismatch = 1,

    /// <summary>
    /// A field of the superblock cannot be, or the image ends before the volume (PR_0_SB_CORRUPT, PR_0_FS_SIZE_WRONG,
    /// PR_0_INODE_COUNT_WRONG). Nothing else is checked.
    /// </summary>
    SuperBlockFieldInvalid = 2,

    /// <summary>A feature that e2fsck 1.47 does not know. Nothing else is checked.</summary>
    FeatureUnknown = 3,

    /// <summary>A feature whose bytes are not checked here, or not all of them; a warning.</summary>
    FeatureNotChecked = 4,

    /// <summary>
    /// Features that exclude or need each other (PR_0_META_BG_AND_RESIZE_INODE, PR_0_GDT_CSUM_AND_METADATA_CSUM and others).
    /// </summary>
    FeatureCombinationInvalid = 5,

    /// <summary>s_free_blocks_count is not what the bitmaps add up to (PR_5_FREE_BLOCK_COUNT); a summary.</summary>
    FreeBlocksTotalStale = 7,

    /// <summary>s_free_inodes_count is not what the bitmaps add up to (PR_5_FREE_INODE_COUNT); a summary.</summary>
    FreeInodesTotalStale = 8,

    /// <summary>dir_index, and s_flags does not say whether names are hashed as signed bytes (PR_0_DIRHASH_HINT).</summary>
    DirectoryHashHintMissing = 9,

    /// <summary>
    /// s_state says that the volume was not unmounted, or that errors were seen; e2fsck then checks without being forced; a warning.
    /// </summary>
    VolumeNotClean = 10,

    /// <summary>A group descriptor's sum does not match (PR_0_GDT_CSUM); what it describes is not looked at.</summary>
    DescriptorChecksumMismatch = 12,

    /// <summary>A group's block bitmap is outside the volume or the group (PR_0_BB_NOT_GROUP).</summary>
    BlockBitmapLocationInvalid = 13,

    /// <summary>A group's inode bitmap is outside the volume or the group (PR_0_IB_NOT_GROUP).</summary>
    InodeBitmapLocationInvalid = 14,

    /// <summary>A group's inode table is outside the volume or the group (PR_0_ITABLE_NOT_GROUP).</summary>
    InodeTableLocationInvalid = 15,

    /// <summary>Two of the file system's own structures claim a block (PR_1_BB_CONFLICT, PR_1_IB_CONFLICT, PR_1_ITABLE_CONFLICT).</summary>
    MetadataOverlap = 16,

    /// <summary>
    /// A group's uninitialised flags or its count of unused inodes cannot be (PR_0_BB_UNINIT_LAST, PR_0_GDT_ITABLE_UNUSED).
    /// </summary>
    DescriptorFlagsInvalid = 17,

    /// <summary>The journal holds transactions that are not in place yet; the image is judged as it stands; a warning.</summary>
    JournalNeedsRecovery = 18,

    /// <summary>The journal's inode is missing, or no journal (PR_0_JOURNAL_BAD_INODE, PR_1_JOURNAL_BAD_MODE).</summary>
    JournalInodeInvalid = 19,

    /// <summary>The journal's superblock cannot be (PR_0_JOURNAL_BAD_SUPER, PR_0_JOURNAL_UNSUPP_SUPER).</summary>
    JournalSuperBlockInvalid = 20,

    /// <summary>The sum of the journal's superblock does not match.</summary>
    JournalSuperBlockChecksumMismatch = 21,

    /// <summary>The journal holds transactions, and needs_recovery is off (PR_0_JOURNAL_RECOVERY_CLEAR).</summary>
    JournalRecoveryFlagMissing = 22,

    /// <summary>A journal is named, and has_journal is off (PR_0_JOURNAL_HAS_JOURNAL).</summary>
    JournalWithoutFeature = 23,

    /// <summary>
    /// The list of orphans leads outside the inodes, into itself, or to an inode that is free (PR_0_ORPHAN_ILLEGAL_INODE and its kin).
    /// </summary>
    OrphanListInvalid = 24,

    /// <summary>The orphan file is missing or malformed (PR_1_ORPHAN_FILE_BAD_MODE, PR_1_ORPHAN_FILE_BAD_SUM and their kin).</summary>
    OrphanFileInvalid = 25,

    /// <summary>The orphan file holds entries without orphan_present (PR_6_ORPHAN_BLOCK_DIRTY).</summary>
    OrphanFileNotClean = 26,

    /// <summary>Inodes wait to be truncated or deleted at the next mount; a warning.</summary>
    OrphansPending = 27,

    /// <summary>An inode's sum does not match (PR_1_INODE_CSUM_INVALID); it is not looked at.</summary>
    InodeChecksumMismatch = 28,

    /// <summary>Inode 2 is no directory (PR_1_ROOT_NO_DIR, PR_3_NO_ROOT_INODE).</summary>
    RootInvalid = 29,

    /// <summary>A reserved inode holds what it may not (PR_1_RESERVED_BAD_MODE and its kin).</summary>
    ReservedInodeInvalid = 30,

    /// <summary>The inode that keeps blocks for growing the descriptors is malformed (PR_0_RESIZE_INODE_INVALID).</summary>
    ResizeInodeInvalid = 31,

    /// <summary>A deleted inode has no deletion time (PR_1_ZERO_DTIME).</summary>
    DeletionTimeMissing = 32,

    /// <summary>An inode in use has a deletion time (PR_1_SET_DTIME).</summary>
    DeletionTimeSet = 33,

    /// <summary>The type in i_mode is none (PR_2_BAD_MODE).</summary>
    InodeModeInvalid = 34,

    /// <summary>
    /// A field that must be 0 is not (PR_2_FADDR_ZERO, PR_2_FRAG_ZERO, PR_2_FSIZE_ZERO, PR_2_FILE_ACL_BAD and their kin).
    /// </summary>
    InodeFieldInvalid = 35,

    /// <summary>
    /// A flag that this inode or volume cannot have (PR_1_SET_IMAGIC, PR_1_SET_IMMUTABLE, PR_1_EXTENT_FEATURE, PR_1_HTREE_SET,
    /// PR_1_HTREE_NODIR).
    /// </summary>
    InodeFlagInvalid = 36,

    /// <summary>i_extra_isize cannot be (PR_1_EXTRA_ISIZE).</summary>
    ExtraSizeInvalid = 37,

    /// <summary>A device, pipe or socket whose i_block or size is not one's (PR_2_BAD_CHAR_DEV and its kin).</summary>
    DeviceInvalid = 38,

    /// <summary>A symbolic link whose size does not fit its target, or which is empty (PR_2_INVALID_SYMLINK).</summary>
    SymbolicLinkInvalid = 39,

    /// <summary>
    /// i_size does not fit the blocks: written ones lie past the end, or a directory's size is not its blocks' (PR_1_BAD_I_SIZE).
    /// </summary>
    InodeSizeWrong = 40,

    /// <summary>i_blocks is not what the inode owns (PR_1_BAD_I_BLOCKS).</summary>
    InodeBlocksWrong = 41,

    /// <summary>The map goes beyond what the block size allows (PR_1_TOOBIG_REG and its kin).</summary>
    InodeTooBig = 42,

    /// <summary>A file of 2 GiB or more, and large_file is off (PR_1_FEATURE_LARGE_FILES).</summary>
    LargeFileFeatureMissing = 43,

    /// <summary>
    /// Inline data that is malformed, or without its feature (PR_1_INLINE_DATA_FEATURE, PR_1_INLINE_DATA_SET and their kin).
    /// </summary>
    InlineDataInvalid = 44,

    /// <summary>
    /// Unwritten blocks past the end of a file; e2fsck accepts them; a warning, as nobody but the caller knows whether they were asked for.
    /// </summary>
    UnwrittenPastEnd = 45,

    /// <summary>A node of an extent tree has a malformed head (PR_1_EXTENT_HEADER_INVALID).</summary>
    ExtentHeaderInvalid = 46,

    /// <summary>The sum of a node does not match (PR_1_EXTENT_CSUM_INVALID); it is not looked at.</summary>
    ExtentChecksumMismatch = 47,

    /// <summary>Extents overlap or are out of order (PR_1_OUT_OF_ORDER_EXTENTS, PR_1_EXTENT_COLLISION).</summary>
    ExtentOrderInvalid = 48,

    /// <summary>A node maps blocks outside what its parent says (PR_1_EXTENT_INDEX_START_INVALID, PR_1_EXTENT_END_OUT_OF_BOUNDS).</summary>
    ExtentBoundsInvalid = 49,

    /// <summary>An extent without blocks (PR_1_EXTENT_LENGTH_ZERO, PR_1_EXTENT_BAD_LENGTH).</summary>
    ExtentLengthInvalid = 50,

    /// <summary>A block outside the volume (PR_1_EXTENT_BAD_START_BLK, PR_1_EXTENT_ENDS_BEYOND, PR_1_ILLEGAL_BLOCK_NUM).</summary>
    BlockNumberInvalid = 51,

    /// <summary>A directory with unwritten blocks (PR_1_UNINIT_DBLOCK).</summary>
    UnwrittenDirectoryBlock = 52,

    /// <summary>An inode claims blocks that somebody else claims too (PR_1B_DUP_BLOCK).</summary>
    BlocksMultiplyClaimed = 53,

    /// <summary>i_file_acl is outside the volume (PR_1_BAD_EA_BLOCK).</summary>
    AttributeBlockNumberInvalid = 54,

    /// <summary>
    /// A block of attributes is malformed (PR_1_READ_EA_BLOCK, PR_1_EA_MULTI_BLOCK, PR_1_EA_BAD_NAME, PR_1_EA_BAD_VALUE).
    /// </summary>
    AttributeBlockInvalid = 55,

    /// <summary>The sum of a block of attributes does not match (PR_1_EA_BLOCK_CSUM_INVALID).</summary>
    AttributeChecksumMismatch = 56,

    /// <summary>h_refcount is not the number of inodes that share the block (PR_1_EXTATTR_REFCOUNT).</summary>
    AttributeReferenceCountWrong = 57,

    /// <summary>An attribute inside an inode is malformed (PR_1_ATTR_NAME_LEN, PR_1_ATTR_VALUE_SIZE and their kin).</summary>
    AttributeInvalid = 58,

    /// <summary>An attribute's hash does not match (PR_1_ATTR_HASH).</summary>
    AttributeHashWrong = 59,

    /// <summary>Attributes, and ext_attr is off (PR_1_EXTATTR_FEATURE).</summary>
    AttributeFeatureMissing = 60,

    /// <summary>A block of a directory is not mapped (PR_2_DIRECTORY_HOLE).</summary>
    DirectoryHole = 61,

    /// <summary>The sum of a directory block does not match (PR_2_LEAF_NODE_CSUM_INVALID); it is not looked at.</summary>
    DirectoryChecksumMismatch = 62,

    /// <summary>A directory block has no room for its sum (PR_2_LEAF_NODE_MISSING_CSUM).</summary>
    DirectoryChecksumMissing = 63,

    /// <summary>Record or name lengths that cannot be (PR_2_DIR_CORRUPTED).</summary>
    DirectoryEntryInvalid = 64,

    /// <summary>
    /// The first entry is not '.' or does not lead to the directory itself (PR_2_MISSING_DOT, PR_2_BAD_INODE_DOT, PR_2_1ST_NOT_DOT).
    /// </summary>
    DotMissing = 65,

    /// <summary>The second entry is not '..' (PR_2_MISSING_DOT_DOT, PR_2_2ND_NOT_DOT_DOT).</summary>
    DotDotMissing = 66,

    /// <summary>'.' or '..' not followed by a zero byte (PR_2_DOT_NULL_TERM, PR_2_DOT_DOT_NULL_TERM).</summary>
    DotNotTerminated = 67,

    /// <summary>Two entries of a block have one name (PR_2_DUPLICATE_DIRENT, PR_2_DUP_DOT, PR_2_DUP_DOT_DOT).</summary>
    NameDuplicate = 68,

    /// <summary>A name that is empty or holds a slash or a zero byte (PR_2_BAD_NAME, PR_2_NULL_NAME).</summary>
    NameInvalid = 69,

    /// <summary>
    /// An entry leads to an inode that does not exist or that nobody may name (PR_2_BAD_INO, PR_2_BB_INODE, PR_2_LINK_DOT, PR_2_LINK_ROOT).
    /// </summary>
    EntryInodeInvalid = 70,

    /// <summary>An entry leads to an inode that is not in use (PR_2_UNUSED_INODE).</summary>
    EntryToUnusedInode = 71,

    /// <summary>An entry's type is not its inode's (PR_2_SET_FILETYPE, PR_2_BAD_FILETYPE, PR_2_CLEAR_FILETYPE).</summary>
    EntryTypeWrong = 72,

    /// <summary>A directory has more than one name (PR_2_LINK_DIR).</summary>
    DirectoryNamedTwice = 73,

    /// <summary>
    /// The root or a node of a hash tree is malformed (PR_2_HTREE_BAD_ROOT, PR_2_HTREE_BAD_LIMIT, PR_2_HTREE_BAD_COUNT, PR_2_HTREE_DEPTH).
    /// </summary>
    HashTreeInvalid = 74,

    /// <summary>
    /// Hashes out of order, or a leaf's names outside its range (PR_2_HTREE_HASH_ORDER, PR_2_HTREE_MIN_HASH, PR_2_HTREE_MAX_HASH).
    /// </summary>
    HashTreeOrderInvalid = 75,

    /// <summary>
    /// A block of a hash-tree directory that the tree names not once (PR_2_HTREE_NOTREF, PR_2_HTREE_DUPREF, PR_2_HTREE_BADBLK).
    /// </summary>
    HashTreeReferenceInvalid = 76,

    /// <summary>No way leads from the root to the directory (PR_3_UNCONNECTED_DIR).</summary>
    DirectoryUnconnected = 77,

    /// <summary>'..' is not the parent (PR_3_BAD_DOT_DOT).</summary>
    DotDotWrong = 78,

    /// <summary>An inode in use has no name (PR_4_UNATTACHED_INODE, PR_4_ZERO_LEN_INODE).</summary>
    InodeUnattached = 80,

    /// <summary>i_links_count is not the number of names (PR_4_BAD_REF_COUNT).</summary>
    LinkCountWrong = 81,

    /// <summary>The sum of a block bitmap does not match (PR_5_BLOCK_BITMAP_CSUM_INVALID); it is not looked at.</summary>
    BlockBitmapChecksumMismatch = 82,

    /// <summary>The sum of an inode bitmap does not match (PR_5_INODE_BITMAP_CSUM_INVALID); it is not looked at.</summary>
    InodeBitmapChecksumMismatch = 83,

    /// <summary>A block bitmap is not what the files claim (PR_5_BLOCK_USED, PR_5_BLOCK_UNUSED).</summary>
    BlockBitmapDifference = 84,

    /// <summary>An inode bitmap is not what is in use (PR_5_INODE_USED, PR_5_INODE_UNUSED).</summary>
    InodeBitmapDifference = 85,

    /// <summary>The bits behind the last block are not all set (PR_5_BLOCK_BMAP_PADDING).</summary>
    BlockBitmapPadding = 86,

    /// <summary>The bits behind the last inode are not all set (PR_5_INODE_BMAP_PADDING).</summary>
    InodeBitmapPadding = 87,

    /// <summary>A group's count of free blocks is not its bitmap's (PR_5_FREE_BLOCK_COUNT_GROUP).</summary>
    FreeBlocksCountWrong = 88,

    /// <summary>A group's count of free inodes is not its bitmap's (PR_5_FREE_INODE_COUNT_GROUP).</summary>
    FreeInodesCountWrong = 89,

    /// <summary>A group's count of directories is wrong (PR_5_FREE_DIR_COUNT_GROUP).</summary>
    DirectoriesCountWrong = 90,

    /// <summary>More was found in this object than a report lists.</summary>
    FindingsOmitted = 91,

    /// <summary>
    /// A written block begins exactly at the end of a file: e2fsck, which asks only that no written block begin behind the end, accepts it,
    /// and what it holds becomes visible when the file is extended; a warning.
    /// </summary>
    WrittenPastEnd = 92,

    /// <summary>A deletion time that is rather the link of a lost list of orphans (PR_1_LOW_DTIME).</summary>
    DeletionTimeLow = 93,
}
