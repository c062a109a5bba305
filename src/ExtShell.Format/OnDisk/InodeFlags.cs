namespace ExtShell.Format.OnDisk;

/// <summary>Flags of an inode (<c>i_flags</c>).</summary>
[Flags]
public enum InodeFlags : uint
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>EXT4_SECRM_FL; unused.</summary>
    SecureDeletion = 0x00000001,

    /// <summary>EXT4_UNRM_FL; unused.</summary>
    Undelete = 0x00000002,

    /// <summary>EXT4_COMPR_FL; unused.</summary>
    Compressed = 0x00000004,

    /// <summary>EXT4_SYNC_FL: writes are synchronous.</summary>
    Synchronous = 0x00000008,

    /// <summary>EXT4_IMMUTABLE_FL: may not be changed.</summary>
    Immutable = 0x00000010,

    /// <summary>EXT4_APPEND_FL: may only be appended to.</summary>
    AppendOnly = 0x00000020,

    /// <summary>EXT4_NODUMP_FL: not for dump.</summary>
    NoDump = 0x00000040,

    /// <summary>EXT4_NOATIME_FL: the access time is not kept.</summary>
    NoAccessTime = 0x00000080,

    /// <summary>EXT4_DIRTY_FL; unused.</summary>
    Dirty = 0x00000100,

    /// <summary>EXT4_COMPRBLK_FL; unused.</summary>
    CompressedBlocks = 0x00000200,

    /// <summary>EXT4_NOCOMPR_FL; unused.</summary>
    NoCompression = 0x00000400,

    /// <summary>EXT4_ENCRYPT_FL: the content is encrypted.</summary>
    Encrypted = 0x00000800,

    /// <summary>EXT4_INDEX_FL: the directory has a hash tree.</summary>
    DirectoryIndex = 0x00001000,

    /// <summary>EXT4_IMAGIC_FL: of AFS; unused.</summary>
    Imagic = 0x00002000,

    /// <summary>EXT4_JOURNAL_DATA_FL: its data goes through the journal.</summary>
    JournalData = 0x00004000,

    /// <summary>EXT4_NOTAIL_FL; unused.</summary>
    NoTailMerge = 0x00008000,

    /// <summary>EXT4_DIRSYNC_FL: changes of the directory are synchronous.</summary>
    DirectorySync = 0x00010000,

    /// <summary>EXT4_TOPDIR_FL: its subdirectories are spread over the volume.</summary>
    TopDirectory = 0x00020000,

    /// <summary>EXT4_HUGE_FILE_FL: its space is counted in blocks.</summary>
    HugeFile = 0x00040000,

    /// <summary>EXT4_EXTENTS_FL: it has an extent tree.</summary>
    Extents = 0x00080000,

    /// <summary>EXT4_VERITY_FL: a hash tree over its content.</summary>
    Verity = 0x00100000,

    /// <summary>EXT4_EA_INODE_FL: it holds the value of an attribute.</summary>
    AttributeInode = 0x00200000,

    /// <summary>EXT4_EOFBLOCKS_FL: blocks past the end; unused since Linux 4.15.</summary>
    BlocksPastEnd = 0x00400000,

    /// <summary>EXT4_DAX_FL: accessed directly in persistent memory.</summary>
    DirectAccess = 0x02000000,

    /// <summary>EXT4_INLINE_DATA_FL: its data is in the inode.</summary>
    InlineData = 0x10000000,

    /// <summary>EXT4_PROJINHERIT_FL: what is made in it belongs to its project.</summary>
    ProjectInherit = 0x20000000,

    /// <summary>EXT4_CASEFOLD_FL: names in it ignore case.</summary>
    CaseFolding = 0x40000000,
}
