using System.Diagnostics;
using ExtShell.Engine.Devices;
using ExtShell.Engine.IO;
using ExtShell.Engine.Kernel;
using ExtShell.Engine.Volumes;
using ExtShell.Engine.Volumes.Making;

namespace ExtShell.Benchmarks;

/// <summary>
/// Direct writes through the whole engine, on a disk in memory or with <c>image PATH</c> on an image file: how many a second, and what each
/// allocates in the steady state.
/// </summary>
internal static class DirectWriteBenchmark
{
    private const int Block = 4096;
    private const long VolumeBytes = 1L << 30;
    private const int FileBytes = 256 << 20;

    public static void Run(string[] arguments)
    {
        using IDisposable? image = arguments is ["image", var path] ? ImageFile.Create(path, VolumeBytes) : null;
        IStorage storage = image as IStorage ?? new PagedMemory(VolumeBytes);
        VolumeMaker.Make(storage, new VolumeMakeOptions());
        var machine = new Machine();
        var disk = new SimulatedDisk(machine, storage, new DeviceTraits(HasVolatileCache: true));
        using Volume volume = Volume.Mount(machine, disk);

        using FileHandle preallocated = volume.Create("preallocated");
        preallocated.Fallocate(0, FileBytes);
        preallocated.Sync();
        var random = new Random(1);
        var block = new byte[Block];
        random.NextBytes(block);
        Measure("4 KiB random, preallocated, unwritten", 20_000, i =>
            preallocated.WriteDirect(random.Next(FileBytes / Block) * (long)Block, block), Block);
        var large = new byte[1 << 20];
        for (int i = 0; i < FileBytes >> 20; i++)
            preallocated.WriteDirect((long)i << 20, large);
        volume.Sync();
        Measure("4 KiB random, overwrite", 100_000, i => preallocated.WriteDirect(random.Next(FileBytes / Block) * (long)Block, block),
            Block);
        Measure("4 KiB random, overwrite, O_DSYNC", 50_000, i =>
            preallocated.WriteDirect(random.Next(FileBytes / Block) * (long)Block, block, SyncKind.DataSync), Block);
        using FileHandle appended = volume.Create("appended");
        Measure("4 KiB O_SYNC appends", 20_000, i => appended.WriteDirect(i * (long)Block, block, SyncKind.Sync), Block);
        using FileHandle sequential = volume.Create("sequential");
        Measure("1 MiB sequential, allocating", 256, i => sequential.WriteDirect((long)i << 20, large), large.Length);
        Measure("1 MiB sequential, overwrite", 256, i => sequential.WriteDirect((long)i << 20, large), large.Length);
    }

    private static void Measure(string what, int count, Action<int> write, int lengthBytes)
    {
        int warm = count / 10;
        for (int i = 0; i < warm; i++)
            write(i);
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        long began = Stopwatch.GetTimestamp();
        for (int i = warm; i < count; i++)
            write(i);
        double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        long bytes = GC.GetAllocatedBytesForCurrentThread() - allocated;
        int measured = count - warm;
        Console.WriteLine($"{what,-42} {measured / seconds,12:N0} a second {measured / seconds * lengthBytes / 1e6,10:N0} MB/s "
            + $"{bytes / (double)measured,10:N1} bytes allocated each");
    }
}
