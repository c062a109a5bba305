using System.Diagnostics;
using System.Numerics;
using ExtShell.Engine.Devices;
using ExtShell.Engine.IO;
using ExtShell.Engine.Volumes;
using ExtShell.Engine.Volumes.Making;
using ExtShell.Lab.Crash;
using ExtShell.Lab.Durability;
using ExtShell.Lab.Verbs;

namespace ExtShell.Benchmarks;

/// <summary>
/// Crash states judged a second on one core, beside what one does today with the same states: copy the image, let the kernel mount and
/// recover it, unmount, e2fsck -fn; or e2fsck -fy alone. Counted are leaves before merging; the explorer is new in every round, so that
/// nothing is left from an earlier one but compiled code. The kernel gets the volume without stale fill, so that its copies are sparse and
/// cheap.
/// </summary>
internal static class CrashBenchmark
{
    private const int WarmUpRounds = 300;
    private const int Rounds = 101;

    public static void Run(string[] arguments)
    {
        Volume volume = Record(fill: true);
        WriteLog log = volume.WriteLog;
        var model = new DeviceModel(AtomicUnitBytes: 512);
        Console.WriteLine("scenario: 64 MiB ext4; appends O_SYNC, AIO into preallocated space, create, unlink, truncate; "
            + $"{log.Bios.Count} bios, {log.Position} cuts, 512-byte units");
        PrintExplorer(volume, log, model);
        PrintKernel(Record(fill: false).WriteLog, model,
            arguments.Length > 0 ? int.Parse(arguments[0], System.Globalization.CultureInfo.InvariantCulture) : 100);
    }

    private static void PrintExplorer(Volume volume, WriteLog log, DeviceModel model)
    {
        var leavesASecond = new List<double>();
        BigInteger states = 0;
        CrashReport? report = null;
        for (int round = -WarmUpRounds; round < Rounds; round++)
        {
            long start = Stopwatch.GetTimestamp();
            report = new CrashExplorer(log, model).Explore(new Ledger(volume.History, volume.Options));
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            if (round >= 0)
                leavesASecond.Add(report.Leaves / seconds);
            states = report.States;
        }

        leavesASecond.Sort();
        double median = leavesASecond[Rounds / 2];
        Console.WriteLine(report!.Summary);
        double statesASecond = (double)states / report.Leaves * median;
        Console.WriteLine(FormattableString.Invariant($"ExtShell: {report.Leaves:N0} leaves; median of {Rounds}: ")
            + FormattableString.Invariant($"{median:N0} leaves a second, standing for {statesASecond:N0} states a second"));
    }

    private static void PrintKernel(WriteLog log, DeviceModel model, int count)
    {
        if (!OperatingSystem.IsLinux() || Environment.UserName != "root" || !File.Exists("/sbin/e2fsck"))
        {
            Console.WriteLine("kernel and e2fsck: left out (root, loop devices and e2fsprogs are needed)");
            return;
        }

        List<CrashState> sample = Sample(log, model, count);
        using var kernel = new KernelCycle();
        double cycle = Measure(sample, kernel.MountUnmountAndCheck);
        double repair = Measure(sample, kernel.Repair);
        Console.WriteLine(FormattableString.Invariant($"kernel: copy, mount with replay, unmount, e2fsck -fn: {cycle:N0} states a second"));
        Console.WriteLine(FormattableString.Invariant($"e2fsck -fy alone: {repair:N0} states a second"));
    }

    private static double Measure(List<CrashState> sample, Action<IStorage> judge)
    {
        IStorage[] images = [.. sample.Select(state => state.ToStorage())];
        judge(images[0]);
        long start = Stopwatch.GetTimestamp();
        foreach (IStorage image in images)
            judge(image);
        return images.Length / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static List<CrashState> Sample(WriteLog log, DeviceModel model, int count)
    {
        var random = new Random(1);
        var sample = new List<CrashState>();
        while (sample.Count < count)
            sample.Add(PowerCut.At(log, model, random.Next(log.Position + 1)).Sample(random.Next()));
        return sample;
    }

    private static Volume Record(bool fill)
    {
        Volume volume = Laboratory.NewVolume(null, new VolumeMakeOptions { SizeBytes = 64 << 20, FillFreeBlocks = fill });
        byte[] block = new byte[4096];
        FileHandle log = volume.Create("/log");
        for (int i = 0; i < 4; i++)
            log.WriteDirect(i * 4096, Fill(block, i), SyncKind.Sync);
        FileHandle data = volume.Create("/data");
        data.Fallocate(0, 64 << 10);
        data.Sync();
        var inFlight = new List<DirectIo>();
        for (int i = 0; i < 4; i++)
            inFlight.Add(data.StartDirect((3 - i) * 16384, Fill(new byte[4096], 16 + i)));
        volume.Create("/other").Close();
        volume.Mkdir("/folder");
        foreach (DirectIo io in inFlight)
            data.WaitDirect(io);
        data.Sync(dataOnly: true);
        log.Truncate(6000);
        log.Sync();
        volume.Unlink("/other");
        volume.Sync();
        return volume;
    }

    private static byte[] Fill(byte[] bytes, int value)
    {
        bytes.AsSpan().Fill((byte)(0x41 + value));
        return bytes;
    }
}
