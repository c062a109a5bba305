namespace ExtShell.Format.OnDisk;

/// <summary>Features that a reader must know (<c>s_feature_incompat</c>); their names are in <see cref="FeatureNames"/>.</summary>
[Flags]
public enum IncompatibleFeatures : uint
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>compression: never came to mainline.</summary>
    Compression = 0x00001,

    /// <summary>filetype: directory entries hold the type.</summary>
    FileType = 0x00002,

    /// <summary>needs_recovery: the journal must be replayed.</summary>
    NeedsRecovery = 0x00004,

    /// <summary>journal_dev: this is an external journal, no volume.</summary>
    JournalDevice = 0x00008,

    /// <summary>meta_bg: descriptors stand in their own groups.</summary>
    MetaBlockGroups = 0x00010,

    /// <summary>extent: files may have extent trees.</summary>
    Extents = 0x00040,

    /// <summary>64bit: block numbers have 64 bits.</summary>
    Bits64 = 0x00080,

    /// <summary>mmp: a block tells who has it mounted.</summary>
    MultipleMountProtection = 0x00100,

    /// <summary>flex_bg: bitmaps and inode tables may stand in other groups.</summary>
    FlexibleBlockGroups = 0x00200,

    /// <summary>ea_inode: values of attributes may have inodes of their own.</summary>
    AttributeInodes = 0x00400,

    /// <summary>dirdata: never came to mainline.</summary>
    DirectoryData = 0x01000,

    /// <summary>metadata_csum_seed: the checksums' seed is stored.</summary>
    ChecksumSeed = 0x02000,

    /// <summary>large_dir: hash trees of three levels.</summary>
    LargeDirectory = 0x04000,

    /// <summary>inline_data: small files are kept in the inode.</summary>
    InlineData = 0x08000,

    /// <summary>encrypt: there are encrypted inodes.</summary>
    Encryption = 0x10000,

    /// <summary>casefold: directories may ignore case.</summary>
    CaseFolding = 0x20000,
}
