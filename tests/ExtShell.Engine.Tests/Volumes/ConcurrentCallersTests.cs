using ExtShell.Engine.IO;
using ExtShell.Engine.Volumes;

namespace ExtShell.Engine.Tests.Volumes;

/// <summary>
/// Several callers on one volume under random schedules: each has a region of a shared file to itself, and sees there what it wrote.
/// </summary>
public sealed class ConcurrentCallersTests
{
    private const int RegionBytes = 16 * 4096;
    private const int CallersCount = 3;

    /// <summary>Each protocol with seeds of its own.</summary>
    public static TheoryData<string, int> Seeds()
    {
        int count = Environment.GetEnvironmentVariable("EXTSHELL_FULL") == "1" ? 1000 : 40;
        var seeds = new TheoryData<string, int>();
        foreach (string protocol in WriteProtocols.Names)
        {
            for (int seed = 1; seed <= (protocol == MountOptions.Default.Protocol ? count : count / 2); seed++)
                seeds.Add(protocol, seed);
        }

        return seeds;
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void EachSeesItsOwnWrites(string protocol, int seed)
    {
        var host = new TestVolume(16 << 20, strategy: new RandomSchedule(seed), fill: seed % 4 == 0,
            options: new MountOptions { Protocol = protocol, DioReadNoLock = seed % 5 != 0 });
        var models = new ModelFile[CallersCount];
        host.Machine.Run(async () =>
        {
            FileHandle file = await host.Volume.CreateAsync("shared");
            int running = CallersCount + 1;
            for (int i = 0; i < CallersCount; i++)
            {
                (int caller, ModelFile model) = (i, models[i] = new ModelFile());
                host.Machine.Spawn($"caller {i}", async () =>
                {
                    await CallAsync(host, file, caller, model, new Random((seed * 10) + caller));
                    running--;
                });
            }

            host.Machine.Spawn("names", async () =>
            {
                await NamesAsync(host, new Random(seed));
                running--;
            });
            while (running > 0)
                await host.Machine.Yield("waiting for callers");
            await file.CloseAsync();
        });

        AssertRegions(host, models);
        host.Remount();
        AssertRegions(host, models);
        host.Volume.Unmount();
        host.AssertClean();
    }

    private static void AssertRegions(TestVolume host, ModelFile[] models)
    {
        using FileHandle file = host.Volume.Open("shared");
        for (int i = 0; i < CallersCount; i++)
        {
            byte[] read = file.ReadBuffered(i * RegionBytes, RegionBytes);
            Assert.Equal(Convert.ToHexString(Expected(models[i], read.Length)), Convert.ToHexString(read));
        }
    }

    private static byte[] Expected(ModelFile model, int length)
    {
        var expected = new byte[length];
        model.Bytes.AsSpan(0, Math.Min(model.Size, length)).CopyTo(expected);
        return expected;
    }

    private static async ValueTask CallAsync(TestVolume host, FileHandle file, int caller, ModelFile model, Random random)
    {
        int begin = caller * RegionBytes;
        for (int step = 0; step < 12; step++)
        {
            int block = random.Next(14);
            byte[] bytes = TestVolume.Bytes(random.Next(), 4096 * (1 + random.Next(2)));
            var sync = (SyncKind)random.Next(3);
            switch (random.Next(8))
            {
                case 0 or 1:
                    await file.WriteDirectAsync(begin + (block * 4096), bytes, sync);
                    model.Write(block * 4096, bytes);
                    break;
                case 2 or 3:
                    DirectIo io = await file.StartDirectAsync(begin + (block * 4096), bytes, sync);
                    await file.WaitDirectAsync(io);
                    model.Write(block * 4096, bytes);
                    break;
                case 4:
                    await file.WriteBufferedAsync(begin + (block * 4096), bytes, sync);
                    model.Write(block * 4096, bytes);
                    break;
                case 5:
                    await file.FallocateAsync(begin + (block * 4096), 3 * 4096);
                    break;
                case 6:
                    await file.SyncAsync(random.Next(2) == 0);
                    break;
                default:
                    await AssertRegionAsync(file, begin, model, random.Next(2) == 0);
                    break;
            }

            if (random.Next(3) == 0)
                await host.Machine.Yield("between calls");
        }
    }

    private static async ValueTask AssertRegionAsync(FileHandle file, int begin, ModelFile model, bool isDirect)
    {
        var read = new byte[RegionBytes];
        int count = isDirect ? await file.ReadDirectAsync(begin, read) : await file.ReadBufferedAsync(begin, read);
        Assert.Equal(Convert.ToHexString(Expected(model, count)), Convert.ToHexString(read.AsSpan(0, count)));
        Assert.True(count >= model.Size);
    }

    private static async ValueTask NamesAsync(TestVolume host, Random random)
    {
        for (int i = 0; i < 8; i++)
        {
            FileHandle file = await host.Volume.CreateAsync($"n{i}");
            DirectIo io = await file.StartDirectAsync(0, TestVolume.Bytes(i, 8192));
            if (random.Next(2) == 0)
                await host.Volume.UnlinkAsync($"n{i}");
            await file.CloseAsync(); // its write goes on
            if (random.Next(3) == 0)
                await host.Volume.SyncAsync();
            Assert.True(io.Call > 0);
        }
    }
}
