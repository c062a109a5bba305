namespace ExtShell.Engine.Volumes.Making;

/// <summary>Which set of features a volume begins with: what <c>mke2fs -t</c> names.</summary>
public enum VolumeType
{
    /// <summary>No journal, block maps.</summary>
    Ext2,

    /// <summary>ext2 with a journal.</summary>
    Ext3,

    /// <summary>Journal, extents, flexible groups, 64-bit descriptors, checksums over all metadata.</summary>
    Ext4,
}
