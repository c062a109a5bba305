using ExtShell.Engine.Devices;
using ExtShell.Engine.IO;
using ExtShell.Engine.Kernel;
using ExtShell.Engine.Volumes;
using ExtShell.Engine.Volumes.Making;

namespace ExtShell.Benchmarks;

/// <summary>
/// Direct writes as the direct-write benchmark makes them, in rounds. It is loaded once with each engine that is compared, and handed out
/// as types that they share.
/// </summary>
public static class SeamWorkloads
{
    private const int Block = 4096;
    private const int FileBytes = 64 << 20;

    /// <summary>Makes a volume of its own, and the workloads on it.</summary>
    /// <returns>For each its name, how many writes a round makes, what goes before a round, and the round.</returns>
    public static (string What, int Writes, Action Begin, Action Round)[] Make()
    {
        var storage = new PagedMemory(4L * FileBytes);
        VolumeMaker.Make(storage, new VolumeMakeOptions());
        var machine = new Machine();
        Volume volume = Volume.Mount(machine, new SimulatedDisk(machine, storage, new DeviceTraits(HasVolatileCache: true)));
        FileHandle written = volume.Create("written");
        var block = new byte[Block];
        new Random(1).NextBytes(block);
        var large = new byte[1 << 20];
        for (int i = 0; i < FileBytes / large.Length; i++)
            written.WriteDirect((long)i * large.Length, large);
        volume.Sync();
        FileHandle preallocated = volume.Create("preallocated");
        FileHandle appended = volume.Create("appended");
        return
        [
            ("4 KiB random, overwrite", 3_000, Nothing, Random(written, 3_000, block, SyncKind.None)),
            ("4 KiB random, overwrite, O_DSYNC", 3_000, Nothing, Random(written, 3_000, block, SyncKind.DataSync)),
            ("4 KiB random, preallocated, unwritten", 1_000, () => Preallocate(preallocated),
                Random(preallocated, 1_000, block, SyncKind.None)),
            ("4 KiB O_SYNC appends", 500, () => appended.Truncate(0), () => Append(appended, 500, block)),
            ("1 MiB sequential, overwrite", 64, Nothing, () => Sequential(written, large)),
        ];
    }

    private static void Nothing()
    {
    }

    private static Action Random(FileHandle file, int writes, byte[] block, SyncKind sync) => () =>
    {
        var random = new Random(2);
        for (int i = 0; i < writes; i++)
            file.WriteDirect(random.Next(FileBytes / Block) * (long)Block, block, sync);
    };

    private static void Preallocate(FileHandle file)
    {
        file.Truncate(0);
        file.Fallocate(0, FileBytes);
        file.Sync();
    }

    private static void Append(FileHandle file, int writes, byte[] block)
    {
        for (int i = 0; i < writes; i++)
            file.WriteDirect(i * (long)Block, block, SyncKind.Sync);
    }

    private static void Sequential(FileHandle file, byte[] large)
    {
        for (int i = 0; i < FileBytes / large.Length; i++)
            file.WriteDirect((long)i * large.Length, large);
    }
}
