using ExtShell.Check;
using ExtShell.Engine.Devices;
using ExtShell.Engine.IO;
using ExtShell.Engine.Kernel;
using ExtShell.Engine.Volumes;
using ExtShell.Engine.Volumes.Making;
using ExtShell.Format.Errors;
using ExtShell.Lab.Scheduling;

namespace ExtShell.TestTools.Defects;

/// <summary>
/// After the author's tests of 2012 (today generic/299 and generic/300): asynchronous, direct and buffered writers at random places of
/// sparse files that are far greater than the volume, while fallocate and truncate, or punch, run on the same files. ENOSPC is expected.
/// Right: every call returns, nothing fails otherwise, the checker is silent, and every block is free again when the files are empty.
/// </summary>
public sealed class SparseStress
{
    private const long VolumeBytes = 48L << 20;
    private const long FileBytes = 16L << 30;
    private const int FileCount = 2;
    private const int Depth = 16;
    private const int BlockBytes = 4096;
    private const long MostSteps = 20_000_000;

    private readonly CountingStrategy _strategy;
    private readonly Machine _machine;
    private readonly IRecordedDevice _disk;
    private readonly Volume _volume;
    private readonly Random _random;
    private readonly bool _punches;
    private readonly int _operations;
    private readonly Result _result = new();
    private int _running;
    private int _writing;

    private SparseStress(string protocol, IReadOnlyList<string> switches, bool punches, int seed, int operations)
    {
        (_punches, _operations, _random) = (punches, operations, new Random(seed));
        var memory = new PagedMemory(VolumeBytes);
        VolumeMaker.Make(memory, new VolumeMakeOptions { Type = protocol == "Ext3Indirect" ? VolumeType.Ext3 : VolumeType.Ext4 });
        _strategy = new CountingStrategy(new RandomStrategy((ulong)seed));
        _machine = new Machine(_strategy);
        bool isMemory = WriteProtocols.Describe(protocol).DataPath == DataPath.Memory;
        _disk = isMemory
            ? new PersistentMemory(_machine, memory)
            : new SimulatedDisk(_machine, memory, new DeviceTraits(HasVolatileCache: true));
        _volume = Volume.Mount(_machine, _disk, MountOptions.Default with { Protocol = protocol, Switches = switches });
    }

    /// <summary>Runs it.</summary>
    /// <param name="protocol">The protocol.</param>
    /// <param name="switches">Its switches.</param>
    /// <param name="punches">Whether holes are punched, as generic/300 does, rather than files truncated, as generic/299 does.</param>
    /// <param name="seed">Decides places, lengths and the schedule.</param>
    /// <param name="operations">How many writes each writer does.</param>
    public static Result Run(string protocol, IReadOnlyList<string> switches, bool punches, int seed, int operations) =>
        new SparseStress(protocol, switches, punches, seed, operations).Run();

    private Result Run()
    {
        long freeBlocks = _volume.Context.Blocks.FreeBlocksCount;
        FileHandle[] files = [.. Enumerable.Range(0, FileCount).Select(number => _volume.Create($"/sparse{number}"))];
        foreach (FileHandle file in files)
        {
            file.Truncate(FileBytes);
            _writing += 2;
            Spawn("asynchronous writer", () => WriteAsynchronouslyAsync(file));
            Spawn("writer", () => WriteAsync(file));
            Spawn(_punches ? "fallocate and punch" : "fallocate and truncate", () => AllocateAndFreeAsync(file));
        }

        var ended = new WaitCondition(_machine, WaitKind.Event, "the end", () => _running == 0 || _strategy.Steps > MostSteps);
        _machine.Run(async () => await ended.WaitAsync());
        if (_running > 0)
            return _result;
        foreach (FileHandle file in files)
        {
            file.Truncate(0);
            file.Close();
        }

        Sync();
        _result.WereAllFreed = _volume.Context.Blocks.FreeBlocksCount == freeBlocks;
        _volume.Unmount();
        _result.Findings = ImageChecker.Check(new StorageSource(_disk.Storage)).Findings.Count;
        _result.Ended = true;
        return _result;
    }

    /// <summary>What write-back found no space for is told by the next sync, though its file is empty by now.</summary>
    private void Sync()
    {
        try
        {
            _volume.Sync();
        }
        catch (FileSystemException failed) when (failed.Errno == Errno.ENOSPC)
        {
            _result.Refused++;
            _volume.Sync();
        }
    }

    private async ValueTask WriteAsynchronouslyAsync(FileHandle file)
    {
        var flying = new Queue<DirectIo>();
        for (int i = 0; i < _operations; i++)
        {
            if (flying.Count == Depth)
                await CallAsync(async () => await file.WaitDirectAsync(flying.Dequeue()));
            (long offset, int length) = Place();
            await CallAsync(async () => flying.Enqueue(await file.StartDirectAsync(offset, new byte[length])));
        }

        while (flying.Count > 0)
            await CallAsync(async () => await file.WaitDirectAsync(flying.Dequeue()));
        _writing--;
    }

    private async ValueTask WriteAsync(FileHandle file)
    {
        for (int i = 0; i < _operations; i++)
        {
            (long offset, int length) = Place();
            await CallAsync(async () => await (_random.Next(2) == 0
                ? file.WriteBufferedAsync(offset, new byte[length])
                : file.WriteDirectAsync(offset, new byte[length])));
        }

        _writing--;
    }

    private async ValueTask AllocateAndFreeAsync(FileHandle file)
    {
        while (_writing > 0)
        {
            (long offset, int length) = Place();
            await CallAsync(async () => await file.FallocateAsync(offset, length * 64L));
            if (_random.Next(8) > 0) // else there would always be space
                continue;
            if (_punches)
            {
                await CallAsync(async () => await file.FallocateAsync(0, FileBytes, FallocateMode.PunchHole, keepSize: true));
                continue;
            }

            await CallAsync(async () => await file.TruncateAsync(offset));
            await CallAsync(async () => await file.TruncateAsync(FileBytes));
        }
    }

    private async ValueTask CallAsync(Func<ValueTask> call)
    {
        _result.Calls++;
        try
        {
            await call();
        }
        catch (FileSystemException failed) when (failed.Errno is Errno.ENOSPC or Errno.EOPNOTSUPP)
        {
            _result.Refused += failed.Errno == Errno.ENOSPC ? 1 : 0; // ext3 has no fallocate
        }
        catch (FileSystemException failed)
        {
            _result.UnexpectedErrors.Add(failed.Message);
        }
    }

    private (long Offset, int Length) Place() =>
        (_random.NextInt64(FileBytes / BlockBytes / 2) * BlockBytes, _random.Next(1, 17) * BlockBytes);

    private void Spawn(string name, Func<ValueTask> body)
    {
        _running++;
        _machine.Spawn(name, async () =>
        {
            await body();
            _running--;
        });
    }

    /// <summary>What came of it.</summary>
    public sealed record Result
    {
        /// <summary>How many calls were made.</summary>
        public long Calls { get; internal set; }

        /// <summary>How many of them found no space.</summary>
        public long Refused { get; internal set; }

        /// <summary>What failed with anything else.</summary>
        public List<string> UnexpectedErrors { get; } = [];

        /// <summary>Whether every call returned, within a bound on the steps.</summary>
        public bool Ended { get; internal set; }

        /// <summary>Whether every block was free again when the files were empty.</summary>
        public bool WereAllFreed { get; internal set; }

        /// <summary>What the checker found on the unmounted volume.</summary>
        public int Findings { get; internal set; }

        /// <summary>Whether all was right.</summary>
        public bool IsRight => Ended && WereAllFreed && Findings == 0 && UnexpectedErrors.Count == 0;
    }

    private sealed class CountingStrategy(IScheduleStrategy inner) : IScheduleStrategy
    {
        public long Steps { get; private set; }

        public int Pick(Machine machine, ReadOnlySpan<Choice> choices)
        {
            Steps++;
            return inner.Pick(machine, choices);
        }
    }
}
