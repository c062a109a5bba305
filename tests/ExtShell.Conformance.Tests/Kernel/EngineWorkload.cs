using ExtShell.Engine.Devices;
using ExtShell.Engine.IO;
using ExtShell.Engine.Kernel;
using ExtShell.Engine.Volumes;
using ExtShell.Engine.Volumes.Making;

namespace ExtShell.Conformance.Tests.Kernel;

/// <summary>The workloads of <see cref="KernelWorkload"/>, by the engine.</summary>
internal static class EngineWorkload
{
    private static readonly Dictionary<string, Action<Volume>> ByName = new()
    {
        [KernelWorkload.Append] = volume =>
        {
            using FileHandle file = volume.Create("/append");
            for (int i = 0; i < 4; i++)
                file.WriteDirect(4096L * i, KernelWorkload.Content(1 + i, 4096), SyncKind.Sync);
        },
        [KernelWorkload.Preallocated] = volume =>
        {
            using FileHandle file = volume.Create("/preallocated");
            file.Fallocate(0, 65536);
            file.Sync();
            DirectIo[] started = [.. Enumerable.Range(0, 4)
                .Select(i => file.StartDirect(49152 - (16384 * i), KernelWorkload.Content(10 + i, 4096)))];
            foreach (DirectIo io in started)
                file.WaitDirect(io);
            file.Sync(dataOnly: true);
        },
        [KernelWorkload.Overwrite] = volume =>
        {
            using FileHandle file = volume.Open("/preallocated");
            file.WriteDirect(0, KernelWorkload.Content(20, 4096));
            file.Sync(dataOnly: true);
            file.WriteDirect(0, KernelWorkload.Content(21, 4096), SyncKind.DataSync);
        },
        [KernelWorkload.Create] = volume =>
        {
            using FileHandle file = volume.Create("/buffered");
            file.WriteBuffered(0, KernelWorkload.Content(30, 16384));
            file.Sync();
        },
        [KernelWorkload.Rename] = volume =>
        {
            using (FileHandle file = volume.Create("/temporary"))
            {
                file.WriteBuffered(0, KernelWorkload.Content(40, 4096));
                file.Sync();
            }

            volume.Rename("/temporary", "/final");
            using FileHandle folder = volume.Open("/", OpenOptions.ReadOnly);
            folder.Sync();
        },
        [KernelWorkload.Truncate] = volume =>
        {
            using FileHandle file = volume.Open("/buffered");
            file.Truncate(100);
            file.Sync();
        },
        [KernelWorkload.Unlink] = volume =>
        {
            volume.Unlink("/append");
            volume.Sync();
        },
    };

    /// <summary>More than a tick, in which inode times move.</summary>
    private const long TickNanoseconds = 10_000_000;

    /// <summary>
    /// Makes the volume that <see cref="KernelTrace"/> records, on a device without FUA, and runs all workloads; each is a phase of the
    /// trace of its own name. Between them the volume is synced.
    /// </summary>
    public static BlockTrace Record(MountOptions? options = null)
    {
        var storage = new PagedMemory(KernelTrace.VolumeSizeBytes);
        VolumeMaker.Make(storage, new());
        var machine = new Machine();
        var disk = new SimulatedDisk(machine, storage, new DeviceTraits(HasVolatileCache: true, HasFua: false));
        using Volume volume = Volume.Mount(machine, disk, options);
        volume.Sync();
        WriteLog log = disk.StartLog();
        foreach (KernelWorkload workload in KernelWorkload.All)
        {
            machine.Clock.Advance(TickNanoseconds); // what follows has a time of its own, as it has in the kernel
            log.Mark(workload.Name);
            ByName[workload.Name](volume);
            log.Mark("between");
            volume.Sync();
        }

        volume.Unmount();
        return EngineTrace.Of(log);
    }
}
