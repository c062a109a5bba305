namespace ExtShell.Format.OnDisk;

/// <summary>
/// Features that a reader and a writer may ignore (<c>s_feature_compat</c>); their names are in <see cref="FeatureNames"/>.
/// </summary>
[Flags]
public enum CompatibleFeatures : uint
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>dir_prealloc: directories are preallocated; unused.</summary>
    DirectoryPreallocation = 0x0001,

    /// <summary>imagic_inodes: of AFS; unused.</summary>
    ImagicInodes = 0x0002,

    /// <summary>has_journal: there is a journal.</summary>
    HasJournal = 0x0004,

    /// <summary>ext_attr: there are extended attributes.</summary>
    ExtendedAttributes = 0x0008,

    /// <summary>resize_inode: inode 7 holds the blocks kept for growing the descriptors.</summary>
    ResizeInode = 0x0010,

    /// <summary>dir_index: directories may have hash trees.</summary>
    DirectoryIndex = 0x0020,

    /// <summary>lazy_bg: never came to mainline.</summary>
    LazyBlockGroups = 0x0040,

    /// <summary>Of snapshots that never came to mainline; without a name.</summary>
    ExcludeInode = 0x0080,

    /// <summary>snapshot_bitmap: of snapshots that never came to mainline.</summary>
    SnapshotBitmap = 0x0100,

    /// <summary>sparse_super2: the superblock has two copies, in the groups of <c>s_backup_bgs</c>.</summary>
    SparseSuper2 = 0x0200,

    /// <summary>fast_commit: the journal may hold fast commits.</summary>
    FastCommit = 0x0400,

    /// <summary>stable_inodes: inode numbers and the UUID may not change.</summary>
    StableInodes = 0x0800,

    /// <summary>orphan_file: orphans may be kept in a file.</summary>
    OrphanFile = 0x1000,
}
