using System.Runtime.InteropServices;
using ExtShell.Format.Endian;

namespace ExtShell.Format.OnDisk;

/// <summary>
/// The head of each node of an extent tree (<c>struct ext4_extent_header</c>): in the inode's i_block, where the root has room for four
/// entries, or at the beginning of a block.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 0x0C)]
public struct ExtentHeader
{
    /// <summary>What <see cref="Magic"/> holds.</summary>
    public const ushort ExpectedMagic = 0xF30A;

    /// <summary>Bytes of the header, and of each entry behind it.</summary>
    public const int SizeBytes = 0x0C;

    /// <summary>The deepest tree that the kernel makes or reads.</summary>
    public const int MaxDepth = 5;

    /// <summary>Entries for which a root in i_block has room.</summary>
    public const int RootMaxEntriesCount = 4;

    /// <summary>Entries for which a tree block has room; what is left over holds <see cref="ExtentTail"/>.</summary>
    public static int BlockMaxEntriesCount(int blockSizeBytes) => (blockSizeBytes - SizeBytes) / SizeBytes;

    /// <summary>Where in a tree block the tail stands.</summary>
    public static int TailOffsetBytes(int maxEntriesCount) => SizeBytes + (SizeBytes * maxEntriesCount);

    /// <summary><c>eh_magic</c>: 0xF30A.</summary>
    [FieldOffset(0x00)] public Le16 Magic;

    /// <summary><c>eh_entries</c>: entries that are valid.</summary>
    [FieldOffset(0x02)] public Le16 EntriesCount;

    /// <summary><c>eh_max</c>: entries for which there is room.</summary>
    [FieldOffset(0x04)] public Le16 MaxEntriesCount;

    /// <summary><c>eh_depth</c>: 0 if the entries are leaves, else levels below.</summary>
    [FieldOffset(0x06)] public Le16 Depth;

    /// <summary><c>eh_generation</c>: unused by ext4.</summary>
    [FieldOffset(0x08)] public Le32 Generation;
}
