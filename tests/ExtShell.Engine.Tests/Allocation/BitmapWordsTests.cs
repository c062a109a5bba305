using ExtShell.Engine.Allocation;

namespace ExtShell.Engine.Tests.Allocation;

/// <summary>Searches in bitmaps against the same done bit by bit.</summary>
public class BitmapWordsTests
{
    private const int Bits = 320;

    [Fact]
    public void Searches_and_counts_equal_those_bit_by_bit()
    {
        var random = new Random(1);
        for (int round = 0; round < 3000; round++)
        {
            bool[] taken = RandomRuns(random);
            byte[] bitmap = new byte[Bits / 8];
            ulong[] overlay = new ulong[Bits / 64];
            for (int i = 0; i < Bits; i++)
            {
                int where = taken[i] ? 1 + random.Next(3) : 0;
                if ((where & 1) != 0)
                    bitmap[i / 8] |= (byte)(1 << (i % 8));
                if ((where & 2) != 0)
                    overlay[i / 64] |= 1UL << (i % 64);
            }

            int from = random.Next(Bits + 1);
            int end = from + random.Next(Bits + 1 - from);
            int wanted = 1 + random.Next(100);
            Assert.Equal(First(taken, from, end, false), BitmapWords.FindClear(bitmap, overlay, from, end));
            Assert.Equal(First(taken, from, end, true), BitmapWords.FindSet(bitmap, overlay, from, end));
            Assert.Equal(Run(taken, from, end, wanted), BitmapWords.FindRun(bitmap, overlay, from, end, wanted));
            Assert.Equal(Enumerable.Range(from, end - from).Count(i => (bitmap[i / 8] >> (i % 8) & 1) == 0),
                BitmapWords.CountClear(bitmap, from, end));
        }
    }

    [Fact]
    public void Setting_and_clearing_changes_the_range_and_nothing_else()
    {
        for (int first = 0; first < 140; first += 3)
        {
            for (int length = 0; length < 140; length += 1 + (first % 2))
            {
                byte[] zeroes = new byte[Bits / 8];
                byte[] ones = [.. Enumerable.Repeat((byte)0xFF, Bits / 8)];
                BitmapWords.Set(zeroes, first, length);
                BitmapWords.Clear(ones, first, length);
                Assert.True(zeroes.Zip(ones).All(pair => (pair.First ^ pair.Second) == 0xFF));
                Assert.Equal(length == 0 ? Bits : first, BitmapWords.FindSet(zeroes, default, 0, Bits));
                Assert.Equal(Bits - length, BitmapWords.CountClear(zeroes, 0, Bits));
                Assert.True(BitmapWords.IsSet(zeroes, first, length));
                Assert.True(BitmapWords.IsClear(ones, first, length));
                Assert.Equal(length == 0, BitmapWords.IsSet(ones, first, length));
            }
        }
    }

    [Fact]
    public void The_next_large_enough_number_is_found_as_by_walking()
    {
        var random = new Random(2);
        foreach (int count in new[] { 1, 2, 3, 7, 8, 9, 100 })
        {
            var tree = new MaximumTree(count);
            int[] numbers = new int[count];
            for (int round = 0; round < 2000; round++)
            {
                int changed = random.Next(count);
                tree[changed] = numbers[changed] = random.Next(20);
                int from = random.Next(count);
                int least = 1 + random.Next(20);
                int expected = Enumerable.Range(0, count).Select(i => (from + i) % count).Cast<int?>()
                    .FirstOrDefault(i => numbers[i!.Value] >= least) ?? -1;
                Assert.Equal(expected, tree.FindNext(from, least));
                Assert.Equal(numbers.Max(), tree.Maximum);
            }
        }
    }

    private static bool[] RandomRuns(Random random)
    {
        bool[] taken = new bool[Bits];
        bool value = random.Next(2) == 0;
        for (int i = 0; i < Bits;)
        {
            for (int end = Math.Min(Bits, i + 1 + random.Next(random.Next(3) == 0 ? 150 : 5)); i < end; i++)
                taken[i] = value;
            value = !value;
        }

        return taken;
    }

    private static int First(bool[] taken, int from, int end, bool value)
    {
        int found = Array.FindIndex(taken, from, end - from, one => one == value);
        return found < 0 ? end : found;
    }

    private static (int First, int Length) Run(bool[] taken, int from, int end, int wanted)
    {
        (int First, int Length) longest = (end, 0);
        for (int i = from; i < end; i++)
        {
            int length = 0;
            while (i + length < end && !taken[i + length] && length < wanted)
                length++;
            if (length > longest.Length)
                longest = (i, length);
            if (length == wanted)
                break;
            i += length;
        }

        return longest;
    }
}
