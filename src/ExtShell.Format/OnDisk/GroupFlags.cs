namespace ExtShell.Format.OnDisk;

/// <summary>Flags of a group (<c>bg_flags</c>).</summary>
[Flags]
public enum GroupFlags : ushort
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>EXT4_BG_INODE_UNINIT: inode bitmap and table were never written, and count as empty.</summary>
    InodeUninitialized = 0x1,

    /// <summary>EXT4_BG_BLOCK_UNINIT: the block bitmap was never written, and follows from the layout.</summary>
    BlockUninitialized = 0x2,

    /// <summary>EXT4_BG_INODE_ZEROED: the inode table is zeroed.</summary>
    InodeTableZeroed = 0x4,
}
