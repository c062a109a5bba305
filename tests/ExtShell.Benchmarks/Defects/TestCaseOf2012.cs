using ExtShell.Check;
using ExtShell.Engine.Devices;
using ExtShell.Engine.IO;
using ExtShell.Engine.Kernel;
using ExtShell.Engine.Volumes;
using ExtShell.Engine.Volumes.Making;
using ExtShell.Format.Errors;

namespace ExtShell.TestTools.Defects;

/// <summary>
/// The public test case of 2012, at its size: 1 GiB is preallocated; two writers, of 64 KiB and of 4 KiB, keep ten asynchronous direct
/// writes each in flight, 100 MiB after 100 MiB; two seconds later the file is truncated to nothing, while they run. Right: truncate
/// returns, and then the file is empty and every block free.
/// </summary>
/// <remarks>
/// (1) Persistent memory has nothing in flight: there the latency is what a writer takes for each write, and its depth is one.
/// (2) From the truncate on, a write that is acknowledged and the truncate's return are progress; so many fair steps without any are a
/// livelock. They last longer than the device takes, and than truncate needs.
/// </remarks>
public sealed class TestCaseOf2012
{
    private const int Depth = 10;
    private const long MostStepsWithoutProgress = 60_000;
    private const long SmallestSpareBytes = 64L << 20;

    private readonly long _fileBytes;
    private readonly long _passBytes;
    private readonly long _delayNanoseconds;
    private readonly long _latencyNanoseconds;
    private readonly StallWatch _watch;
    private readonly Machine _machine;
    private readonly IRecordedDevice _device;
    private readonly Volume _volume;
    private readonly FileHandle _file;
    private readonly TestCaseOf2012Result _result;
    private readonly long _freeBytes;
    private bool _isStopped;
    private int _running;
    private long _written;

    private TestCaseOf2012(string protocol, IReadOnlyList<string> switches, long latencyNanoseconds, int share)
    {
        (_fileBytes, _passBytes, _delayNanoseconds) = ((1L << 30) / share, (100L << 20) / share, 2_000_000_000L / share);
        var memory = new PagedMemory(_fileBytes + Math.Max(SmallestSpareBytes, _fileBytes / 4));
        VolumeMaker.Make(memory, new VolumeMakeOptions());
        _latencyNanoseconds = latencyNanoseconds;
        _result = new TestCaseOf2012Result(latencyNanoseconds);
        _watch = new StallWatch(() => _written, MostStepsWithoutProgress); // (2)
        _machine = new Machine(new LatencyStrategy(latencyNanoseconds));
        _device = WriteProtocols.Describe(protocol).DataPath == DataPath.Memory
            ? new PersistentMemory(_machine, memory)
            : new SimulatedDisk(_machine, memory, new DeviceTraits(HasVolatileCache: true)) { LatencyNanoseconds = 0 };
        _volume = Volume.Mount(_machine, _device, MountOptions.Default with { Protocol = protocol, Switches = switches });
        _freeBytes = FreeBytes();
        _file = _volume.Create("/file");
        _file.Fallocate(0, _fileBytes);
        _volume.Sync();
    }

    /// <summary>Runs it.</summary>
    /// <param name="protocol">The protocol.</param>
    /// <param name="switches">Its switches.</param>
    /// <param name="latencyNanoseconds">The device's latency.</param>
    /// <param name="share">By what the sizes and the delay are divided; 1 for the size of 2012.</param>
    public static TestCaseOf2012Result Run(string protocol, IReadOnlyList<string> switches, long latencyNanoseconds, int share = 1) =>
        new TestCaseOf2012(protocol, switches, latencyNanoseconds, share).Run();

    private TestCaseOf2012Result Run()
    {
        var alarm = new Alarm(_machine);
        alarm.Set(_machine.Clock.NowNanoseconds + _delayNanoseconds);
        Spawn("writer of 64 KiB", () => WriteAsync(64 << 10, 0));
        Spawn("writer of 4 KiB", () => WriteAsync(4 << 10, _fileBytes / 2));
        Spawn("truncate", () => TruncateAsync(alarm));
        var ended = new WaitCondition(_machine, WaitKind.Event, "the end, or a livelock", () => _running == 0 || _watch.IsStalled);
        _machine.Run(async () => await ended.WaitAsync());
        if (_running > 0)
        {
            (_result.IsLivelock, _result.Cycle) = (true, _watch.FindCycle());
            return _result;
        }

        _file.Truncate(0); // writes that had been submitted when it returned made the file anew
        _volume.Sync();
        _result.WereAllFreed = FreeBytes() == _freeBytes;
        _file.Close();
        _volume.Unmount();
        _result.IsConsistent = ImageChecker.Check(new StorageSource(_device.Storage)).Findings.Count == 0;
        return _result;
    }

    private async ValueTask TruncateAsync(Alarm alarm)
    {
        await alarm.WaitAsync();
        _result.WritesBefore = _written;
        long began = _machine.Clock.NowNanoseconds;
        _machine.Observer = _watch;
        await _file.TruncateAsync(0);
        _machine.Observer = null;
        _result.TruncateNanoseconds = _machine.Clock.NowNanoseconds - began;
        _result.IsEmpty = _volume.Inodes.Find(_file.Inode) is { SizeBytes: 0, AllocatedBytes: 0 };
        _isStopped = true;
    }

    private async ValueTask WriteAsync(int lengthBytes, long startBytes)
    {
        Alarm? device = _device is PersistentMemory ? new Alarm(_machine) : null; // (1)
        var bytes = new byte[lengthBytes];
        bytes.AsSpan().Fill((byte)'w');
        var flying = new Queue<DirectIo>();
        for (long done = 0; !_isStopped; done += lengthBytes)
        {
            if (flying.Count == (device is null ? Depth : 1))
                await EndAsync(flying.Dequeue());
            long pass = done / _passBytes;
            long offset = startBytes + (((pass * _passBytes) + (done % _passBytes)) % (_fileBytes / 2 / lengthBytes * lengthBytes));
            device?.Set(_machine.Clock.NowNanoseconds + _latencyNanoseconds);
            flying.Enqueue(await _file.StartDirectAsync(offset, bytes));
            if (device is not null)
                await device.WaitAsync();
        }

        while (flying.Count > 0)
            await EndAsync(flying.Dequeue());
    }

    private async ValueTask EndAsync(DirectIo io)
    {
        if (await _file.WaitDirectAsync(io) != io.LengthBytes)
            throw new InvariantException("a write of the test case is whole");
        _written++;
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
}
