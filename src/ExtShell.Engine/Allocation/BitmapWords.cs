using System.Buffers.Binary;
using System.Numerics;

namespace ExtShell.Engine.Allocation;

/// <summary>
/// Searches and changes a bitmap, 64 bits at a time. Bit n is bit n mod 8 of byte n / 8, as ext4 stores it; the bitmap's length is a
/// multiple of eight bytes. A second bitmap may be laid over it while searching: a bit counts as set if it is set in either.
/// </summary>
internal static class BitmapWords
{
    private const int WordBits = 64;

    /// <summary>The first clear bit from <paramref name="from"/> on; <paramref name="end"/> if there is none before it.</summary>
    public static int FindClear(ReadOnlySpan<byte> bitmap, ReadOnlySpan<ulong> overlay, int from, int end) =>
        Find(bitmap, overlay, from, end, ulong.MaxValue);

    /// <summary>The first set bit from <paramref name="from"/> on; <paramref name="end"/> if there is none before it.</summary>
    public static int FindSet(ReadOnlySpan<byte> bitmap, ReadOnlySpan<ulong> overlay, int from, int end) =>
        Find(bitmap, overlay, from, end, 0);

    /// <summary>
    /// The first run of at least <paramref name="wanted"/> clear bits that begins in [from, end), cut to them; if there is none, the
    /// longest, whose length is exact. A run does not go beyond <paramref name="end"/>.
    /// </summary>
    public static (int First, int Length) FindRun(ReadOnlySpan<byte> bitmap, ReadOnlySpan<ulong> overlay, int from, int end, int wanted)
    {
        (int First, int Length) longest = (end, 0);
        for (int first = FindClear(bitmap, overlay, from, end); first < end;)
        {
            int behind = FindSet(bitmap, overlay, first, (int)Math.Min(end, (long)first + wanted));
            if (behind - first > longest.Length)
            {
                longest = (first, behind - first);
                if (longest.Length >= wanted)
                    break;
            }

            first = FindClear(bitmap, overlay, behind, end);
        }

        return longest;
    }

    /// <summary>How many bits of [from, end) are clear.</summary>
    public static int CountClear(ReadOnlySpan<byte> bitmap, int from, int end)
    {
        int count = 0;
        while (from < end)
        {
            int bits = Math.Min(WordBits - (from % WordBits), end - from);
            count += BitOperations.PopCount(~Word(bitmap, default, from / WordBits) & Mask(from, bits));
            from += bits;
        }

        return count;
    }

    /// <summary>Whether all bits of the range are clear.</summary>
    public static bool IsClear(ReadOnlySpan<byte> bitmap, int first, int length) =>
        FindSet(bitmap, default, first, first + length) == first + length;

    /// <summary>Whether all bits of the range are set.</summary>
    public static bool IsSet(ReadOnlySpan<byte> bitmap, int first, int length) =>
        FindClear(bitmap, default, first, first + length) == first + length;

    /// <summary>Sets the range.</summary>
    public static void Set(Span<byte> bitmap, int first, int length) => Fill(bitmap, first, length, true);

    /// <summary>Clears the range.</summary>
    public static void Clear(Span<byte> bitmap, int first, int length) => Fill(bitmap, first, length, false);

    private static int Find(ReadOnlySpan<byte> bitmap, ReadOnlySpan<ulong> overlay, int from, int end, ulong flip)
    {
        if (from >= end)
            return end;
        int index = from / WordBits;
        ulong word = (Word(bitmap, overlay, index) ^ flip) & (ulong.MaxValue << (from % WordBits));
        while (word == 0)
        {
            index++;
            if (index * WordBits >= end)
                return end;
            word = Word(bitmap, overlay, index) ^ flip;
        }

        return Math.Min(end, (index * WordBits) + BitOperations.TrailingZeroCount(word));
    }

    private static void Fill(Span<byte> bitmap, int first, int length, bool value)
    {
        while (length > 0)
        {
            int bits = Math.Min(WordBits - (first % WordBits), length);
            Span<byte> bytes = bitmap.Slice(first / WordBits * sizeof(ulong), sizeof(ulong));
            ulong word = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
            ulong mask = Mask(first, bits);
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, value ? word | mask : word & ~mask);
            first += bits;
            length -= bits;
        }
    }

    private static ulong Word(ReadOnlySpan<byte> bitmap, ReadOnlySpan<ulong> overlay, int index)
    {
        ulong word = BinaryPrimitives.ReadUInt64LittleEndian(bitmap[(index * sizeof(ulong))..]);
        return overlay.IsEmpty ? word : word | overlay[index];
    }

    private static ulong Mask(int first, int bits) => (bits == WordBits ? ulong.MaxValue : (1UL << bits) - 1) << (first % WordBits);
}
