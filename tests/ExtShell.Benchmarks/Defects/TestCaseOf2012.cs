using ExtShell.Check;
using ExtShell.Engine.Devices;
using ExtShell.Engine.Kernel;
using ExtShell.Engine.Volumes;
using ExtShell.Engine.Volumes.Making;
using ExtShell.Format.Errors;

namespace ExtShell.TestTools.Defects;

/// <summary>
/// The public test case of 2012, at its size: 1 GiB is preallocated; two writers, of 64 KiB and of 4 KiB, keep ten asynchronous direct writes each in flight, 100 MiB after
/// 100 MiB; two seconds later the file is truncated to nothing, while they run. Right: truncate returns, and then the file is empty and every block free.
/// </summary>
public sealed class TestCaseOf2012
{
    private const long FileBytes = 1L << 30;
    private const long VolumeBytes = FileBytes + (256L << 20);
    private const long PassBytes = 100L << 20;
    private const int Depth = 10;
    private const long DelayNanoseconds = 2_000_000_000;
    private const long MostStepsOfTruncate = 2_000_000;

    private readonly long _latencyNanoseconds;
    private readonly LatencyStrategy _strategy;
    private readonly Machine _machine;
    private readonly SimulatedDisk _disk;
    private readonly Volume _volume;
    private readonly FileHandle _file;
    private readonly long _freeBytes;
    private bool _isStopped;
    private int _running;

    private TestCaseOf2012(string protocol, IReadOnlyList<string> switches, long latencyNanoseconds)
    {
        var memory = new PagedMemory(VolumeBytes);
        VolumeMaker.Make(memory, new VolumeMakeOptions());
        _latencyNanoseconds = latencyNanoseconds;
        _strategy = new LatencyStrategy(latencyNanoseconds);
        _machine = new Machine(_strategy);
        _disk = new SimulatedDisk(_machine, memory, new DeviceTraits(HasVolatileCache: true)) { LatencyNanoseconds = 0 };
        _volume = Volume.Mount(_machine, _disk, MountOptions.Default with { Protocol = protocol, Switches = switches });
        _freeBytes = FreeBytes();
        _file = _volume.Create("/file");
        _file.Fallocate(0, FileBytes);
        _volume.Sync();
    }

    /// <summary>Runs it.</summary>
    /// <param name="protocol">The protocol.</param>
    /// <param name="switches">Its switches.</param>
    /// <param name="latencyNanoseconds">The device's latency.</param>
    public static Result Run(string protocol, IReadOnlyList<string> switches, long latencyNanoseconds) =>
        new TestCaseOf2012(protocol, switches, latencyNanoseconds).Run();

    private long Written { get; set; }

    private Result Run()
    {
        var alarm = new Alarm(_machine, _machine.Clock.NowNanoseconds + DelayNanoseconds);
        Spawn("writer of 64 KiB", () => WriteAsync(64 << 10, 0));
        Spawn("writer of 4 KiB", () => WriteAsync(4 << 10, FileBytes / 2));
        Result result = new(_latencyNanoseconds);
        Spawn("truncate", async () =>
        {
            await alarm.WaitAsync();
            result.WritesBefore = Written;
            long began = _machine.Clock.NowNanoseconds;
            _deadline = _strategy.Steps + MostStepsOfTruncate;
            await _file.TruncateAsync(0);
            _deadline = long.MaxValue;
            InodeStatus status = _volume.Inodes.Find(_file.Inode) is { } inode
                ? new InodeStatus { SizeBytes = inode.SizeBytes, AllocatedBytes = inode.AllocatedBytes } : default;
            result.TruncateNanoseconds = _machine.Clock.NowNanoseconds - began;
            result.IsEmpty = status.SizeBytes == 0 && status.AllocatedBytes == 0;
            _isStopped = true;
        });
        var ended = new WaitCondition(_machine, WaitKind.Event, "the end, or the deadline", () => _running == 0 || _strategy.Steps > _deadline);
        _machine.Run(async () => await ended.WaitAsync());
        if (_running > 0)
            return result; // truncate never returned
        _file.Truncate(0); // writes that had been submitted when it returned made the file anew
        _volume.Sync();
        result.FreedBytes = FreeBytes();
        result.WereAllFreed = result.FreedBytes == _freeBytes;
        _file.Close();
        _volume.Unmount();
        result.IsConsistent = ImageChecker.Check(new StorageSource(_disk.Storage)).Findings.Count == 0;
        return result;
    }

    private long _deadline = long.MaxValue;

    private async ValueTask WriteAsync(int lengthBytes, long startBytes)
    {
        var bytes = new byte[lengthBytes];
        bytes.AsSpan().Fill((byte)'w');
        var flying = new Queue<DirectIo>();
        for (long done = 0; !_isStopped; done += lengthBytes)
        {
            if (flying.Count == Depth)
                await EndAsync(flying.Dequeue());
            long pass = done / PassBytes;
            long offset = startBytes + (((pass * PassBytes) + (done % PassBytes)) % (FileBytes / 2 / lengthBytes * lengthBytes));
            flying.Enqueue(await _file.StartDirectAsync(offset, bytes));
        }

        while (flying.Count > 0)
            await EndAsync(flying.Dequeue());
    }

    private async ValueTask EndAsync(DirectIo io)
    {
        if (await _file.WaitDirectAsync(io) != io.LengthBytes)
            throw new InvariantException("a write of the test case is whole");
        Written++;
    }

    private void Spawn(string name, Func<ValueTask> body)
    {
        _running++;
        _machine.Spawn(name, async () =>
        {
            await body();
            _running--;
        });
    }

    private long FreeBytes() => _volume.Context.Blocks.FreeBlocksCount * _volume.Context.Geometry.BlockSizeBytes;

    /// <summary>What came of it.</summary>
    /// <param name="LatencyNanoseconds">The device's latency.</param>
    public sealed record Result(long LatencyNanoseconds)
    {
        /// <summary>How many writes were done when truncate was called.</summary>
        public long WritesBefore { get; internal set; }

        /// <summary>How long truncate took on the simulated clock; −1 if it never returned.</summary>
        public long TruncateNanoseconds { get; internal set; } = -1;

        /// <summary>Whether truncate returned.</summary>
        public bool Returned => TruncateNanoseconds >= 0;

        /// <summary>Whether the file had neither size nor blocks when truncate returned.</summary>
        public bool IsEmpty { get; internal set; }

        /// <summary>Whether every block was free again at the end.</summary>
        public bool WereAllFreed { get; internal set; }

        /// <summary>What was free at the end.</summary>
        public long FreedBytes { get; internal set; }

        /// <summary>Whether the checker is silent about the unmounted volume.</summary>
        public bool IsConsistent { get; internal set; }

        /// <summary>Whether all was right.</summary>
        public bool IsRight => Returned && IsEmpty && WereAllFreed && IsConsistent;
    }
}
