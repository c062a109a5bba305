using System.Numerics;
using System.Runtime.InteropServices;

namespace ExtShell.Check.Totals;

/// <summary>Bitmaps: bit n is bit n modulo 8, lowest first, of byte n over 8.</summary>
internal static class Bits
{
    public static bool Get(ReadOnlySpan<byte> bitmap, int bit) => (bitmap[bit >> 3] & (1 << (bit & 7))) != 0;

    public static void Set(Span<byte> bitmap, int first, int count) => Write(bitmap, first, count, true);

    public static void Clear(Span<byte> bitmap, int first, int count) => Write(bitmap, first, count, false);

    /// <summary>How many of the first <paramref name="count"/> bits are set.</summary>
    public static int Count(ReadOnlySpan<byte> bitmap, int count)
    {
        int total = 0;
        ReadOnlySpan<byte> whole = bitmap[..(count >> 3)];
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(whole);
        foreach (ulong word in words)
            total += BitOperations.PopCount(word);
        foreach (byte one in whole[(words.Length * 8)..])
            total += BitOperations.PopCount(one);
        int rest = count & 7;
        return rest == 0 ? total : total + BitOperations.PopCount((uint)(bitmap[count >> 3] & ((1 << rest) - 1)));
    }

    /// <summary>The first bit from <paramref name="from"/> on in which the bitmaps differ, or <paramref name="count"/>.</summary>
    public static int NextDifference(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, int from, int count)
    {
        int bit = from;
        while (bit < count)
        {
            int at = bit >> 3;
            if ((bit & 7) == 0)
            {
                int bytes = (count + 7) >> 3;
                int same = left[at..bytes].CommonPrefixLength(right[at..bytes]);
                bit += same * 8;
                if (bit >= count)
                    return count;
                at = bit >> 3;
            }

            int differing = (left[at] ^ right[at]) >> (bit & 7);
            if (differing != 0)
                return Math.Min(count, bit + BitOperations.TrailingZeroCount(differing));
            bit = (at + 1) * 8;
        }

        return count;
    }

    private static void Write(Span<byte> bitmap, int first, int count, bool value)
    {
        int end = first + count;
        while (first < end && (first & 7) != 0)
            WriteOne(bitmap, first++, value);
        int wholeBytes = Math.Max(0, (end - first) >> 3);
        bitmap.Slice(first >> 3, wholeBytes).Fill(value ? (byte)0xFF : (byte)0);
        for (first += wholeBytes * 8; first < end; first++)
            WriteOne(bitmap, first, value);
    }

    private static void WriteOne(Span<byte> bitmap, int bit, bool value)
    {
        if (value)
            bitmap[bit >> 3] |= (byte)(1 << (bit & 7));
        else
            bitmap[bit >> 3] &= (byte)~(1 << (bit & 7));
    }
}
