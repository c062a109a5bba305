using ExtShell.Engine.IO;
using ExtShell.Engine.Tests.Volumes;
using ExtShell.Engine.Volumes;
using ExtShell.Engine.Volumes.Making;

namespace ExtShell.Engine.Tests.IO;

/// <summary>
/// Every protocol, cured, under random schedules: asynchronous writers that extend the file side by side, each in its own blocks, truncates
/// behind them, fsync, buffered and direct readers. Readers see whole blocks of what was written there, zeroes, or the end.
/// </summary>
public sealed class ProtocolScheduleTests
{
    private const int Block = 4096;
    private const int Stripes = 3;
    private const int RoundsCount = 4;

    public static TheoryData<string, int> Cases()
    {
        bool isFull = Environment.GetEnvironmentVariable("EXTSHELL_FULL") == "1";
        var cases = new TheoryData<string, int>();
        foreach (string protocol in WriteProtocols.Names)
        {
            for (int batch = 0; batch < (isFull ? 25 : 2); batch++)
                cases.Add(protocol, batch);
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Concurrent_writers_readers_and_truncates_agree(string protocol, int batch)
    {
        for (int seed = (batch * 100) + 1; seed <= (batch + 1) * 100; seed++)
        {
            try
            {
                RunOne(protocol, seed);
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                throw new InvalidOperationException($"{protocol}, seed {seed}: {failure.Message}", failure);
            }
        }
    }

    private static void RunOne(string protocol, int seed)
    {
        bool isBlockMapped = protocol == "Ext3Indirect" ? seed % 4 != 0 : seed % 4 == 3 && protocol != "XfsStyle";
        using var host = new TestVolume(8 << 20, strategy: new RandomSchedule(seed), fill: seed % 2 == 0,
            options: new MountOptions { Protocol = protocol, DioReadNoLock = seed % 5 != 0 },
            type: isBlockMapped ? VolumeType.Ext3 : VolumeType.Ext4);
        host.Machine.Run(() => RunAsync(host, seed, isBlockMapped));
        host.Remount();
        using (FileHandle file = host.Volume.Open("f"))
            AssertStripes(file.ReadBuffered(0, Stripes * RoundsCount * 2 * Block), isLast: true);
        host.Volume.Unmount();
        if (seed % 10 == 0)
            host.AssertClean();
    }

    private static async ValueTask RunAsync(TestVolume host, int seed, bool isBlockMapped)
    {
        FileHandle file = await host.Volume.CreateAsync("f");
        if (seed % 3 == 0 && !isBlockMapped)
            await file.FallocateAsync(0, Stripes * Block, keepSize: seed % 2 == 0);
        int running = 0;
        void Spawn(string name, Func<ValueTask> body)
        {
            running++;
            host.Machine.Spawn(name, async () =>
            {
                await body();
                running--;
            });
        }

        for (int i = 0; i < Stripes; i++)
        {
            int stripe = i;
            Spawn($"writer {i}", () => WriteStripeAsync(file, stripe, new Random((seed * 7) + stripe)));
        }

        Spawn("reader", () => ReadAsync(host, file, new Random(seed)));
        Spawn("syncer", () => SyncAsync(host, file, new Random(seed)));
        Spawn("other", () => OtherFileAsync(host, new Random(seed)));
        while (running > 0)
            await host.Machine.Yield("waiting for all");
        await file.CloseAsync();
    }

    /// <summary>Writes every block of the stripe, in order; block k of the file is filled with 1 + k.</summary>
    private static async ValueTask WriteStripeAsync(FileHandle file, int stripe, Random random)
    {
        for (int round = 0; round < RoundsCount; round++)
        {
            int block = (round * Stripes) + stripe;
            long offset = (long)block * Block;
            byte[] bytes = Filled(block);
            switch (random.Next(4))
            {
                case 0:
                    Assert.Equal(Block, await file.WriteDirectAsync(offset, bytes, (SyncKind)random.Next(3)));
                    break;
                case 1:
                    DirectIo first = await file.StartDirectAsync(offset, bytes.AsMemory(0, 512));
                    DirectIo rest = await file.StartDirectAsync(offset + 512, bytes.AsMemory(512));
                    Assert.Equal(512, await file.WaitDirectAsync(first));
                    Assert.Equal(Block - 512, await file.WaitDirectAsync(rest));
                    break;
                default:
                    DirectIo io = await file.StartDirectAsync(offset, bytes, (SyncKind)random.Next(3));
                    Assert.Equal(Block, await file.WaitDirectAsync(io));
                    break;
            }

            var read = new byte[Block];
            int count = random.Next(2) == 0 ? await file.ReadDirectAsync(offset, read) : await file.ReadBufferedAsync(offset, read);
            Assert.Equal(Block, count);
            Assert.Equal(bytes, read);
        }
    }

    private static async ValueTask ReadAsync(TestVolume host, FileHandle file, Random random)
    {
        for (int i = 0; i < 6; i++)
        {
            var read = new byte[Stripes * RoundsCount * Block];
            int count = random.Next(2) == 0 ? await file.ReadDirectAsync(0, read) : await file.ReadBufferedAsync(0, read);
            AssertStripes(read.AsSpan(0, count).ToArray(), isLast: false);
            await host.Machine.Yield("between reads");
        }
    }

    private static async ValueTask SyncAsync(TestVolume host, FileHandle file, Random random)
    {
        for (int i = 0; i < 4; i++)
        {
            if (random.Next(3) == 0)
                await file.TruncateAsync(Stripes * RoundsCount * 2 * Block); // beyond what is written
            else
                await file.SyncAsync(random.Next(2) == 0);
            await host.Machine.Yield("between syncs");
        }
    }

    /// <summary>A file that is written asynchronously and truncated to nothing while that is on its way: it ends empty.</summary>
    private static async ValueTask OtherFileAsync(TestVolume host, Random random)
    {
        FileHandle file = await host.Volume.CreateAsync("g");
        for (int i = 0; i < 3; i++)
        {
            DirectIo one = await file.StartDirectAsync(0, Filled(1));
            DirectIo two = await file.StartDirectAsync(Block * random.Next(3), Filled(2));
            await file.TruncateAsync(0);
            InodeStatus status = await file.StatAsync();
            Assert.Equal((0, 0), (status.SizeBytes, status.AllocatedBytes));
            await file.WaitDirectAsync(one);
            await file.WaitDirectAsync(two);
        }

        await file.CloseAsync();
    }

    private static void AssertStripes(byte[] read, bool isLast)
    {
        for (int at = 0; at < read.Length; at++)
        {
            int block = at / Block;
            byte expected = block < Stripes * RoundsCount ? (byte)(block + 1) : (byte)0;
            Assert.True(read[at] == expected || (!isLast && read[at] == 0), $"byte {at} is {read[at]}");
        }

        Assert.True(!isLast || read.Length >= Stripes * RoundsCount * Block, $"the file ends at {read.Length}");
    }

    private static byte[] Filled(int block)
    {
        var bytes = new byte[Block];
        Array.Fill(bytes, (byte)(block + 1));
        return bytes;
    }
}
