namespace ExtShell.Format.OnDisk;

/// <summary>Features that a writer must know (<c>s_feature_ro_compat</c>); their names are in <see cref="FeatureNames"/>.</summary>
[Flags]
public enum ReadOnlyCompatibleFeatures : uint
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>sparse_super: the superblock has copies in groups 0, 1 and the powers of 3, 5 and 7.</summary>
    SparseSuper = 0x00001,

    /// <summary>large_file: there may be a file of 2 GiB or more.</summary>
    LargeFile = 0x00002,

    /// <summary>btree_dir: never used.</summary>
    BTreeDirectory = 0x00004,

    /// <summary>huge_file: the space of files is counted in 48 bits, and may be in blocks.</summary>
    HugeFile = 0x00008,

    /// <summary>uninit_bg: descriptors have a CRC-16, and groups may be not initialised.</summary>
    GroupDescriptorChecksum = 0x00010,

    /// <summary>dir_nlink: a directory with 65,000 subdirectories has a link count of 1.</summary>
    DirectoryLinksUnlimited = 0x00020,

    /// <summary>extra_isize: inodes have extra fields.</summary>
    ExtraInodeSize = 0x00040,

    /// <summary>has_snapshot: never came to mainline.</summary>
    HasSnapshot = 0x00080,

    /// <summary>quota: quota files are hidden inodes.</summary>
    Quota = 0x00100,

    /// <summary>bigalloc: space is given out in clusters of blocks.</summary>
    BigAllocation = 0x00200,

    /// <summary>metadata_csum: all metadata has a CRC-32C.</summary>
    MetadataChecksum = 0x00400,

    /// <summary>replica: never came to mainline.</summary>
    Replica = 0x00800,

    /// <summary>read-only: may not be written.</summary>
    ReadOnly = 0x01000,

    /// <summary>project: inodes belong to projects.</summary>
    Project = 0x02000,

    /// <summary>shared_blocks: of Android; blocks have several owners.</summary>
    SharedBlocks = 0x04000,

    /// <summary>verity: there are files with hash trees over their content.</summary>
    Verity = 0x08000,

    /// <summary>orphan_present: the orphan file may hold orphans.</summary>
    OrphanPresent = 0x10000,
}
