using System.Runtime.InteropServices;
using ExtShell.Format.Endian;

namespace ExtShell.Format.OnDisk;

public partial struct InodeRecord
{
    /// <summary>Bytes of the first part, which every inode has.</summary>
    public const int ShortSizeBytes = 0x80;

    /// <summary>Bytes of this structure.</summary>
    public const int SizeBytes = 0xA0;

    /// <summary>What <see cref="ExtraSize"/> holds if all fields of this structure are in use.</summary>
    public const int FullExtraSize = SizeBytes - ShortSizeBytes;

    /// <summary>Bytes of <see cref="Block"/>.</summary>
    public const int BlockSizeBytes = 60;

    /// <summary>A copy of a stored inode of any size; of one of 128 bytes the extra fields are 0, and count as absent.</summary>
    public static InodeRecord Load(ReadOnlySpan<byte> stored)
    {
        InodeRecord record = default;
        stored[..Math.Min(stored.Length, SizeBytes)].CopyTo(MemoryMarshal.AsBytes(new Span<InodeRecord>(ref record)));
        return record;
    }

    /// <summary>
    /// Writes as much as is the structure's in the inode: 128 bytes, and the extra ones that <see cref="ExtraSize"/> counts. What is
    /// behind them (attributes) stays as it is.
    /// </summary>
    public readonly void Store(Span<byte> stored)
    {
        int extraBytes = Math.Clamp((int)ExtraSize.Value, 4, FullExtraSize);
        int lengthBytes = Math.Min(stored.Length, ShortSizeBytes + extraBytes);
        MemoryMarshal.AsBytes(new ReadOnlySpan<InodeRecord>(in this))[..lengthBytes].CopyTo(stored);
    }

    /// <summary>A view over a stored inode of at least 160 bytes.</summary>
    public static ref InodeRecord View(Span<byte> stored) => ref MemoryMarshal.AsRef<InodeRecord>(stored);

    /// <summary>Type and permissions.</summary>
    public InodeMode Mode
    {
        readonly get => (InodeMode)ModeValue.Value;
        set => ModeValue = (ushort)value;
    }

    /// <summary>The flags.</summary>
    public InodeFlags Flags
    {
        readonly get => (InodeFlags)FlagsValue.Value;
        set => FlagsValue = (uint)value;
    }

    /// <summary>Whether all of the flags are set.</summary>
    public readonly bool Has(InodeFlags flags) => (Flags & flags) == flags;

    /// <summary>Type bits of the mode.</summary>
    public readonly InodeMode Type => Mode & InodeMode.TypeMask;

    /// <summary>Whether it is a directory.</summary>
    public readonly bool IsDirectory => Type == InodeMode.Directory;

    /// <summary>Whether it is a regular file.</summary>
    public readonly bool IsRegular => Type == InodeMode.Regular;

    /// <summary>Whether it is a symbolic link.</summary>
    public readonly bool IsSymbolicLink => Type == InodeMode.SymbolicLink;

    /// <summary>Size in bytes. As the image says: it may be absurd, or negative.</summary>
    public long Size
    {
        readonly get => (long)(SizeLow.Value | ((ulong)SizeHigh.Value << 32));
        set => (SizeLow, SizeHigh) = ((uint)value, (uint)(value >> 32));
    }

    /// <summary>
    /// Space taken, 48 bits raw: units of 512 bytes, or blocks of the volume with <see cref="InodeFlags.HugeFile"/>. The high half counts
    /// only with the volume's huge_file.
    /// </summary>
    public long BlocksCount
    {
        readonly get => BlocksLow.Value | ((long)BlocksHigh.Value << 32);
        set => (BlocksLow, BlocksHigh) = ((uint)value, (ushort)(value >> 32));
    }

    /// <summary>Owner.</summary>
    public uint Uid
    {
        readonly get => UidLow.Value | ((uint)UidHigh.Value << 16);
        set => (UidLow, UidHigh) = ((ushort)value, (ushort)(value >> 16));
    }

    /// <summary>Group.</summary>
    public uint Gid
    {
        readonly get => GidLow.Value | ((uint)GidHigh.Value << 16);
        set => (GidLow, GidHigh) = ((ushort)value, (ushort)(value >> 16));
    }

    /// <summary>Block of extended attributes, or 0.</summary>
    public long FileAcl
    {
        readonly get => FileAclLow.Value | ((long)FileAclHigh.Value << 32);
        set => (FileAclLow, FileAclHigh) = ((uint)value, (ushort)(value >> 32));
    }

    /// <summary>Change counter; its high half only where the inode has it.</summary>
    public ulong Version
    {
        readonly get => HasExtra(0x9C) ? VersionLow.Value | ((ulong)VersionHigh.Value << 32) : VersionLow.Value;
        set
        {
            VersionLow = (uint)value;
            if (HasExtra(0x9C))
                VersionHigh = (uint)(value >> 32);
        }
    }

    /// <summary>CRC-32C; its high half only where the inode has it.</summary>
    public readonly uint Checksum => HasExtra(0x84) ? ChecksumLow.Value | ((uint)ChecksumHigh.Value << 16) : ChecksumLow.Value;

    /// <summary>Whether the extra fields that are in use reach up to <paramref name="endOffsetBytes"/> of the inode.</summary>
    public readonly bool HasExtra(int endOffsetBytes) => ShortSizeBytes + ExtraSize.Value >= endOffsetBytes;

    /// <summary>Last access.</summary>
    public Timestamp AccessTime
    {
        readonly get => HasExtra(0x90) ? Timestamp.Decode(AccessTimeSeconds, AccessTimeExtra) : Timestamp.Decode(AccessTimeSeconds);
        set
        {
            if (HasExtra(0x90))
                (AccessTimeSeconds, AccessTimeExtra) = AsFields(value);
            else
                AccessTimeSeconds = value.EncodeShort();
        }
    }

    /// <summary>Last change of the inode.</summary>
    public Timestamp ChangeTime
    {
        readonly get => HasExtra(0x88) ? Timestamp.Decode(ChangeTimeSeconds, ChangeTimeExtra) : Timestamp.Decode(ChangeTimeSeconds);
        set
        {
            if (HasExtra(0x88))
                (ChangeTimeSeconds, ChangeTimeExtra) = AsFields(value);
            else
                ChangeTimeSeconds = value.EncodeShort();
        }
    }

    /// <summary>Last change of the data.</summary>
    public Timestamp ModifyTime
    {
        readonly get => HasExtra(0x8C) ? Timestamp.Decode(ModifyTimeSeconds, ModifyTimeExtra) : Timestamp.Decode(ModifyTimeSeconds);
        set
        {
            if (HasExtra(0x8C))
                (ModifyTimeSeconds, ModifyTimeExtra) = AsFields(value);
            else
                ModifyTimeSeconds = value.EncodeShort();
        }
    }

    /// <summary>When it was made; 1970 where the inode has no such field.</summary>
    public Timestamp CreationTime
    {
        readonly get => !HasExtra(0x94) ? default
            : HasExtra(0x98) ? Timestamp.Decode(CreationTimeSeconds, CreationTimeExtra) : Timestamp.Decode(CreationTimeSeconds);
        set
        {
            if (HasExtra(0x98))
                (CreationTimeSeconds, CreationTimeExtra) = AsFields(value);
            else if (HasExtra(0x94))
                CreationTimeSeconds = value.EncodeShort();
        }
    }

    private static (Le32 Seconds, Le32 Extra) AsFields(Timestamp time)
    {
        (uint seconds, uint extra) = time.Encode();
        return (seconds, extra);
    }
}
