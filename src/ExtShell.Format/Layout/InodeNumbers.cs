namespace ExtShell.Format.Layout;

/// <summary>Inode numbers with a meaning of their own (ext4 disk layout, "Special inodes"). Number 0 is no inode.</summary>
public static class InodeNumbers
{
    /// <summary>Holds the defective blocks.</summary>
    public const uint BadBlocks = 1;

    /// <summary>The root directory.</summary>
    public const uint Root = 2;

    /// <summary>The user quota file, by default.</summary>
    public const uint UserQuota = 3;

    /// <summary>The group quota file, by default.</summary>
    public const uint GroupQuota = 4;

    /// <summary>The boot loader.</summary>
    public const uint BootLoader = 5;

    /// <summary>For undeleting; unused.</summary>
    public const uint UndeleteDirectory = 6;

    /// <summary>Holds the blocks kept for growing the group descriptors.</summary>
    public const uint Resize = 7;

    /// <summary>The journal.</summary>
    public const uint Journal = 8;

    /// <summary>For snapshots; unused.</summary>
    public const uint Exclude = 9;

    /// <summary>For replicas; unused.</summary>
    public const uint Replica = 10;

    /// <summary>The first inode that is not reserved in the original format, and the least that the dynamic one may name.</summary>
    public const uint FirstUnreserved = 11;
}
