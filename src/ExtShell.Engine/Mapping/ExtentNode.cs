using System.Runtime.InteropServices;
using ExtShell.Format.OnDisk;

namespace ExtShell.Engine.Mapping;

/// <summary>
/// A node of an extent tree as a view over its bytes: the header, then entries of twelve bytes, all of which begin with their first block
/// of the file.
/// </summary>
internal static class ExtentNode
{
    /// <summary>Bytes of an entry.</summary>
    public const int EntrySizeBytes = ExtentHeader.SizeBytes;

    /// <summary>The header.</summary>
    public static ref readonly ExtentHeader Header(ReadOnlySpan<byte> node) => ref MemoryMarshal.AsRef<ExtentHeader>(node);

    /// <summary>The header, to change it.</summary>
    public static ref ExtentHeader Header(Span<byte> node) => ref MemoryMarshal.AsRef<ExtentHeader>(node);

    /// <summary>How many entries are valid.</summary>
    public static int Count(ReadOnlySpan<byte> node) => Header(node).EntriesCount.Value;

    /// <summary>How many entries have room.</summary>
    public static int Room(ReadOnlySpan<byte> node) => Header(node).MaxEntriesCount.Value;

    /// <summary>The valid entries of a leaf.</summary>
    public static ReadOnlySpan<ExtentLeaf> Leaves(ReadOnlySpan<byte> node) => Entries<ExtentLeaf>(node);

    /// <summary>The valid entries of an inner node.</summary>
    public static ReadOnlySpan<ExtentIndex> Indexes(ReadOnlySpan<byte> node) => Entries<ExtentIndex>(node);

    /// <summary>The first block of the file that an entry maps.</summary>
    public static uint Key(ReadOnlySpan<byte> node, int index) => Leaves(node)[index].LogicalBlock;

    /// <summary>The last entry that begins at or before <paramref name="logicalBlock"/>; -1 if all begin behind it.</summary>
    public static int FindLast(ReadOnlySpan<byte> node, uint logicalBlock)
    {
        ReadOnlySpan<ExtentLeaf> entries = Leaves(node);
        int low = 0;
        int high = entries.Length;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (entries[middle].LogicalBlock.Value <= logicalBlock)
                low = middle + 1;
            else
                high = middle;
        }

        return low - 1;
    }

    /// <summary>Writes the header of an empty node.</summary>
    public static void Initialise(Span<byte> node, int depth, int room)
    {
        ref ExtentHeader header = ref Header(node);
        header.Magic = ExtentHeader.ExpectedMagic;
        header.EntriesCount = 0;
        header.MaxEntriesCount = (ushort)room;
        header.Depth = (ushort)depth;
    }

    /// <summary>Changes the first block of the file of an entry.</summary>
    public static void SetKey(Span<byte> node, int index, uint logicalBlock) => Slots<ExtentLeaf>(node)[index].LogicalBlock = logicalBlock;

    /// <summary>
    /// Puts <paramref name="replacement"/> in the place of <paramref name="removed"/> entries from <paramref name="at"/> on; there is room.
    /// </summary>
    public static void Replace<T>(Span<byte> node, int at, int removed, ReadOnlySpan<T> replacement)
        where T : unmanaged
    {
        int count = Count(node);
        Span<T> slots = Slots<T>(node);
        slots[(at + removed)..count].CopyTo(slots[(at + replacement.Length)..]);
        replacement.CopyTo(slots[at..]);
        Header(node).EntriesCount = (ushort)(count - removed + replacement.Length);
    }

    /// <summary>Moves the entries from <paramref name="from"/> on to the end of <paramref name="target"/>; there is room.</summary>
    public static void MoveTail(Span<byte> node, int from, Span<byte> target)
    {
        int count = Count(node);
        Replace(target, Count(target), 0, Slots<ExtentLeaf>(node)[from..count]);
        Header(node).EntriesCount = (ushort)from;
    }

    private static ReadOnlySpan<T> Entries<T>(ReadOnlySpan<byte> node)
        where T : unmanaged =>
        MemoryMarshal.Cast<byte, T>(node.Slice(ExtentHeader.SizeBytes, Count(node) * EntrySizeBytes));

    private static Span<T> Slots<T>(Span<byte> node)
        where T : unmanaged =>
        MemoryMarshal.Cast<byte, T>(node.Slice(ExtentHeader.SizeBytes, Room(node) * EntrySizeBytes));
}
