using System.Buffers.Binary;
using System.Numerics;
using ExtShell.Engine.Devices;
using ExtShell.Engine.Volumes;
using ExtShell.Format.Checksums;
using ExtShell.Format.Sources;
using ExtShell.Lab.Crash;

namespace ExtShell.Lab.Tests.Crash;

/// <summary>
/// The laziness itself, on images of no file system: random programs of reads, verified reads, copies and writes run on the undecided image
/// and on every decided state; each state falls in exactly one leaf, with the same result, and the weights sum exactly.
/// </summary>
public class UndecidedImageTests
{
    [Theory]
    [InlineData(512, BarrierMode.Flush)]
    [InlineData(512, BarrierMode.Ignored)]
    [InlineData(4096, BarrierMode.Flush)]
    [InlineData(4096, BarrierMode.Drain)]
    public void EveryStateFallsInExactlyOneLeafWithTheSameResult(int unitBytes, BarrierMode barrier)
    {
        long states = 0;
        long leaves = 0;
        long matches = 0;
        for (int seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            WriteLog log = RandomLogs.Make(random, 14, random.Next(2) == 0 ? 512 : unitBytes);
            foreach (Epoch epoch in new EpochReader(log, new DeviceModel(unitBytes, barrier)).Read())
            {
                if (epoch.States > 3000)
                    continue;
                var program = new ReadProgram(random.Next());
                (long s, long l) = Compare(epoch, program);
                states += s;
                matches += program.Matches;
                leaves += l;
            }
        }

        Assert.True(states > 2000, $"{states} states");
        Assert.True(matches > 200, $"{matches} sums matched");
        Assert.True(leaves < states, "laziness merges states");
    }

    private static (long States, long Leaves) Compare(Epoch epoch, ReadProgram program)
    {
        var path = new ChoicePath();
        var image = new UndecidedImage(epoch, path);
        var leaves = new List<(PathConstraints Constraints, ulong Result)>();
        BigInteger weight = 0;
        do
        {
            path.Restart();
            image.Restart(path);
            ulong result = program.Run(image);
            leaves.Add((image.Constraints.Clone(), result));
            Assert.False(image.Constraints.Weight().IsZero, "no path stands for nothing");
            weight += image.Constraints.Weight();
        }
        while (path.Advance());

        Assert.Equal(epoch.States, weight);
        long states = 0;
        var versions = new int[epoch.Cells.Count];
        for (BigInteger code = 0; code < epoch.States; code++)
        {
            BigInteger rest = code;
            for (int cell = 0; cell < versions.Length; cell++)
            {
                versions[cell] = (int)(rest % epoch.Cells[cell].Versions.Count);
                rest /= epoch.Cells[cell].Versions.Count;
            }

            ulong expected = program.Run(new StorageSource(new CrashState(epoch, versions, 0).ToStorage()));
            var found = leaves.FindAll(leaf => leaf.Constraints.Contains(versions));
            Assert.Single(found);
            Assert.Equal(expected, found[0].Result);
            states++;
        }

        return (states, leaves.Count);
    }

    /// <summary>A random reader whose course depends on what it reads, as a mount's does.</summary>
    private sealed class ReadProgram(int seed)
    {
        public int Matches { get; private set; }

        public ulong Run(IRecoverySource source)
        {
            ulong hash = 14695981039346656037;
            var random = new Random(seed);
            for (int step = 0; step < 9; step++)
            {
                int length = 4 * random.Next(1, 300);
                long offset = 4 * random.NextInt64((RandomLogs.LengthBytes - length) / 4);
                switch (random.Next(6))
                {
                    case 0 or 1:
                        hash = Mix(hash, source.Read(offset, length));
                        break;
                    case 2 or 3:
                        hash = Verified(source, random, hash, offset, length);
                        break;
                    case 4:
                        long from = 512 * random.NextInt64((RandomLogs.LengthBytes / 512) - 8);
                        long to = 512 * random.NextInt64((RandomLogs.LengthBytes / 512) - 8);
                        if (Math.Abs(from - to) >= 4096)
                            source.Copy(from, to, random.Next(2) == 0 ? 4096 : 512);
                        break;
                    default:
                        source.Patch(offset, BitConverter.GetBytes(hash));
                        break;
                }

                // What was read steers what is read next.
                if ((hash & 3) == 0)
                    random.Next();
            }

            return hash;
        }

        /// <summary>A two-byte sum, so that a match happens: half of the rules are made to match the image's first state.</summary>
        private ulong Verified(IRecoverySource source, Random random, ulong hash, long offset, int length)
        {
            long stored = 4 * random.NextInt64(RandomLogs.LengthBytes / 4);
            var kind = (ChecksumKind)random.Next(3);
            var rule = new ChecksumRule(kind, (uint)random.Next(1 << 16), new StoredBits(stored, 2, 0, random.Next(2) == 0));
            rule.AddImage(offset, length);
            rule.AddZeroes(random.Next(20));
            rule.AddImage(4 * random.NextInt64(1000), 4 * random.Next(1, 40));
            if (random.Next(2) == 0)
                return source.TryReadVerified(offset, length, rule, out ReadOnlySpan<byte> bytes) ? Mix(hash, bytes) : hash * 31;

            // A sum that one whole write left there matches; mixed halves do not, unless they happen to.
            long start = stored / RandomLogs.SummedBytes * RandomLogs.SummedBytes;
            var summed = new ChecksumRule(ChecksumKind.Crc32C, 7, new StoredBits(start, 2, 0, false));
            summed.AddImage(start + 4, 508);
            summed.AddImage(start + 512, RandomLogs.SummedBytes - 512);
            bool matches = source.TryReadVerified(start, RandomLogs.SummedBytes, summed, out ReadOnlySpan<byte> read);
            if (matches)
                Matches++;
            return matches ? Mix(hash, read) : hash * 33;
        }

        private static ulong Mix(ulong hash, ReadOnlySpan<byte> bytes)
        {
            foreach (byte one in bytes)
                hash = (hash ^ one) * 1099511628211;
            return hash;
        }
    }

    [Fact]
    public void SumOverManyTornUnitsIsSolvedAndNotTried()
    {
        // A 4 KiB block with its sum, torn into eight 512-byte units of three versions each: 6,561 states, of which only whole versions
        // match.
        var machine = new ExtShell.Engine.Kernel.Machine();
        var disk = new SimulatedDisk(machine, new PagedMemory(8192), new DeviceTraits());
        WriteLog log = disk.StartLog();
        foreach (byte value in new byte[] { 1, 2 })
        {
            var block = new byte[4096];
            new Random(value).NextBytes(block);
            BinaryPrimitives.WriteUInt32LittleEndian(block.AsSpan(4092), Crc32C.Update(5, block.AsSpan(0, 4092)));
            disk.Submit(new Bio(machine).SetWrite(0, block, default));
            machine.FireNow(disk, 0);
        }

        Epoch epoch = Assert.Single(new EpochReader(log, new DeviceModel(512)).Read());
        Assert.Equal(6561, epoch.States);
        var path = new ChoicePath();
        var image = new UndecidedImage(epoch, path);
        var rule = new ChecksumRule(ChecksumKind.Crc32C, 5, new StoredBits(4092, 4, 0, false));
        rule.AddImage(0, 4092);
        var seen = new List<(bool Matches, BigInteger Weight)>();
        do
        {
            path.Restart();
            image.Restart(path);
            bool matches = image.TryReadVerified(0, 4096, rule, out _);
            seen.Add((matches, image.Constraints.Weight()));
        }
        while (path.Advance());

        // The zeroed block does not carry the sum, so the two written versions match, and one class does not.
        Assert.Equal([(true, 1), (true, 1), (false, 6559)], seen);
    }
}
