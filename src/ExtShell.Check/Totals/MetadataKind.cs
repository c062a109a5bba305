namespace ExtShell.Check.Totals;

/// <summary>What the file system keeps for itself and a check reads.</summary>
internal enum MetadataKind : byte
{
    /// <summary>A block of group descriptors.</summary>
    Descriptors,

    /// <summary>A block kept for growing the descriptors, which the resize inode maps.</summary>
    KeptDescriptors,

    /// <summary>A block bitmap.</summary>
    BlockBitmap,

    /// <summary>An inode bitmap.</summary>
    InodeBitmap,

    /// <summary>An inode table.</summary>
    InodeTable,
}
