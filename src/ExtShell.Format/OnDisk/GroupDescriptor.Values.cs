using System.Runtime.InteropServices;

namespace ExtShell.Format.OnDisk;

public partial struct GroupDescriptor
{
    /// <summary>Bytes of a descriptor without 64bit.</summary>
    public const int ShortSizeBytes = 0x20;

    /// <summary>Bytes of this structure.</summary>
    public const int SizeBytes = 0x40;

    /// <summary>A copy of a stored descriptor; of one of 32 bytes the high halves are 0.</summary>
    public static GroupDescriptor Load(ReadOnlySpan<byte> stored)
    {
        GroupDescriptor descriptor = default;
        stored[..Math.Min(stored.Length, SizeBytes)].CopyTo(MemoryMarshal.AsBytes(new Span<GroupDescriptor>(ref descriptor)));
        return descriptor;
    }

    /// <summary>Writes as much as <paramref name="stored"/> has room for, and leaves bytes behind that as they are.</summary>
    public readonly void Store(Span<byte> stored) =>
        MemoryMarshal.AsBytes(new ReadOnlySpan<GroupDescriptor>(in this))[..Math.Min(stored.Length, SizeBytes)].CopyTo(stored);

    /// <summary>The flags.</summary>
    public GroupFlags GroupFlags
    {
        readonly get => (GroupFlags)Flags.Value;
        set => Flags = (ushort)value;
    }

    /// <summary>The block of the block bitmap. As the image says: it may be absurd, or negative.</summary>
    public readonly long BlockBitmap(bool is64Bit) =>
        is64Bit ? BlockBitmapLow.Value | ((long)BlockBitmapHigh.Value << 32) : BlockBitmapLow.Value;

    /// <summary>Stores <see cref="BlockBitmap(bool)"/>.</summary>
    public void SetBlockBitmap(bool is64Bit, long block)
    {
        BlockBitmapLow = (uint)block;
        if (is64Bit)
            BlockBitmapHigh = (uint)(block >> 32);
    }

    /// <summary>The block of the inode bitmap. As the image says: it may be absurd, or negative.</summary>
    public readonly long InodeBitmap(bool is64Bit) =>
        is64Bit ? InodeBitmapLow.Value | ((long)InodeBitmapHigh.Value << 32) : InodeBitmapLow.Value;

    /// <summary>Stores <see cref="InodeBitmap(bool)"/>.</summary>
    public void SetInodeBitmap(bool is64Bit, long block)
    {
        InodeBitmapLow = (uint)block;
        if (is64Bit)
            InodeBitmapHigh = (uint)(block >> 32);
    }

    /// <summary>The first block of the inode table. As the image says: it may be absurd, or negative.</summary>
    public readonly long InodeTable(bool is64Bit) =>
        is64Bit ? InodeTableLow.Value | ((long)InodeTableHigh.Value << 32) : InodeTableLow.Value;

    /// <summary>Stores <see cref="InodeTable(bool)"/>.</summary>
    public void SetInodeTable(bool is64Bit, long block)
    {
        InodeTableLow = (uint)block;
        if (is64Bit)
            InodeTableHigh = (uint)(block >> 32);
    }

    /// <summary>Free clusters of the group.</summary>
    public readonly int FreeBlocksCount(bool is64Bit) =>
        is64Bit ? FreeBlocksCountLow.Value | (FreeBlocksCountHigh.Value << 16) : FreeBlocksCountLow.Value;

    /// <summary>Stores <see cref="FreeBlocksCount(bool)"/>.</summary>
    public void SetFreeBlocksCount(bool is64Bit, int count)
    {
        FreeBlocksCountLow = (ushort)count;
        if (is64Bit)
            FreeBlocksCountHigh = (ushort)(count >> 16);
    }

    /// <summary>Free inodes of the group.</summary>
    public readonly int FreeInodesCount(bool is64Bit) =>
        is64Bit ? FreeInodesCountLow.Value | (FreeInodesCountHigh.Value << 16) : FreeInodesCountLow.Value;

    /// <summary>Stores <see cref="FreeInodesCount(bool)"/>.</summary>
    public void SetFreeInodesCount(bool is64Bit, int count)
    {
        FreeInodesCountLow = (ushort)count;
        if (is64Bit)
            FreeInodesCountHigh = (ushort)(count >> 16);
    }

    /// <summary>Directories of the group.</summary>
    public readonly int UsedDirectoriesCount(bool is64Bit) =>
        is64Bit ? UsedDirectoriesCountLow.Value | (UsedDirectoriesCountHigh.Value << 16) : UsedDirectoriesCountLow.Value;

    /// <summary>Stores <see cref="UsedDirectoriesCount(bool)"/>.</summary>
    public void SetUsedDirectoriesCount(bool is64Bit, int count)
    {
        UsedDirectoriesCountLow = (ushort)count;
        if (is64Bit)
            UsedDirectoriesCountHigh = (ushort)(count >> 16);
    }

    /// <summary>Inodes at the end of the group's table that were never used.</summary>
    public readonly int UnusedInodesCount(bool is64Bit) =>
        is64Bit ? UnusedInodesCountLow.Value | (UnusedInodesCountHigh.Value << 16) : UnusedInodesCountLow.Value;

    /// <summary>Stores <see cref="UnusedInodesCount(bool)"/>.</summary>
    public void SetUnusedInodesCount(bool is64Bit, int count)
    {
        UnusedInodesCountLow = (ushort)count;
        if (is64Bit)
            UnusedInodesCountHigh = (ushort)(count >> 16);
    }

    /// <summary>Sum of the block bitmap; its low half without 64bit.</summary>
    public readonly uint BlockBitmapChecksum(bool is64Bit) =>
        is64Bit ? BlockBitmapChecksumLow.Value | ((uint)BlockBitmapChecksumHigh.Value << 16) : BlockBitmapChecksumLow.Value;

    /// <summary>Stores <see cref="BlockBitmapChecksum(bool)"/>.</summary>
    public void SetBlockBitmapChecksum(bool is64Bit, uint sum)
    {
        BlockBitmapChecksumLow = (ushort)sum;
        if (is64Bit)
            BlockBitmapChecksumHigh = (ushort)(sum >> 16);
    }

    /// <summary>Sum of the inode bitmap; its low half without 64bit.</summary>
    public readonly uint InodeBitmapChecksum(bool is64Bit) =>
        is64Bit ? InodeBitmapChecksumLow.Value | ((uint)InodeBitmapChecksumHigh.Value << 16) : InodeBitmapChecksumLow.Value;

    /// <summary>Stores <see cref="InodeBitmapChecksum(bool)"/>.</summary>
    public void SetInodeBitmapChecksum(bool is64Bit, uint sum)
    {
        InodeBitmapChecksumLow = (ushort)sum;
        if (is64Bit)
            InodeBitmapChecksumHigh = (ushort)(sum >> 16);
    }
}
