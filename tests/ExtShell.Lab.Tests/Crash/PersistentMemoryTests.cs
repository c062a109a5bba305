using ExtShell.Engine.Devices;
using ExtShell.Engine.Kernel;
using ExtShell.Engine.Volumes;
using ExtShell.Format.Errors;
using ExtShell.Lab.Crash;

namespace ExtShell.Lab.Tests.Crash;

/// <summary>
/// Persistent memory at a power cut: by the rules of memory, worked out line by line beside the run, and by the epochs of its log.
/// </summary>
public sealed class PersistentMemoryTests
{
    [Theory]
    [InlineData(64)]
    [InlineData(4096)]
    public void EveryLineMayHoldAtEveryCutWhatMemoryAllows(int unitBytes)
    {
        int several = 0;
        for (int seed = 0; seed < 60; seed++)
        {
            var run = new MemoryRun(seed);
            run.Run(40);
            int next = 0;
            foreach (Epoch epoch in new EpochReader(run.Log, new DeviceModel(unitBytes)).Read())
            {
                Assert.Equal(next, epoch.Cuts.First);
                next = epoch.Cuts.Last + 1;
                for (int cut = epoch.Cuts.First; cut <= epoch.Cuts.Last; cut++)
                {
                    for (int line = 0; line < MemoryRun.LinesCount; line++)
                    {
                        string expected = Text(run.Allowed(line, cut));
                        several += expected.Contains(' ', StringComparison.Ordinal) ? 1 : 0;
                        string held = Text(Held(epoch, line * 64, cut));
                        Assert.True(expected == held, $"seed {seed}, cut {cut}, line {line}: {expected} is allowed");
                    }
                }
            }

            Assert.Equal(run.Log.Position + 1, next);
        }

        Assert.True(several > 1000, $"{several} lines were undecided");
    }

    [Fact]
    public void AStoreIsDurableAfterFlushAndFenceOnly()
    {
        var machine = new Machine();
        var memory = new PersistentMemory(machine, new PagedMemory(8192));
        WriteLog log = memory.StartLog();
        memory.Store(100, new byte[] { 1 }, default);
        memory.Fence();
        Assert.Equal(2, PowerCut.At(log, new DeviceModel()).States);
        memory.FlushLines(100, 1);
        Assert.Equal(2, PowerCut.At(log, new DeviceModel()).States);
        memory.Fence();
        Assert.Equal(1, PowerCut.At(log, new DeviceModel()).States);
        Assert.Equal(2, PowerCut.At(log, new DeviceModel(Barrier: BarrierMode.Ignored)).States);
        memory.StoreNonTemporal(60, new byte[] { 2, 2, 2, 2, 2, 2, 2, 2 }, default);
        Assert.Equal(4, PowerCut.At(log, new DeviceModel()).States);
        memory.Fence();
        Assert.Equal(1, PowerCut.At(log, new DeviceModel()).States);
        byte[] loaded = new byte[1];
        memory.Load(67, loaded);
        Assert.Equal(2, loaded[0]);
    }

    [Fact]
    public void ABioIsDurableWhenItHasEnded()
    {
        var machine = new Machine();
        var memory = new PersistentMemory(machine, new PagedMemory(8192));
        WriteLog log = memory.StartLog();
        memory.Submit(new Bio(machine).SetWrite(0, new byte[] { 1 }.Concat(new byte[511]).ToArray(), default));
        Assert.Equal(2, PowerCut.At(log, new DeviceModel()).States);
        machine.RunUntilIdle();
        Assert.Equal(1, PowerCut.At(log, new DeviceModel()).States);
    }

    [Fact]
    public void StoresHaveNoPlaceInALogFile()
    {
        var memory = new PersistentMemory(new Machine(), new PagedMemory(8192));
        WriteLog log = memory.StartLog();
        memory.Store(0, new byte[] { 1 }, default);
        var refused = Assert.Throws<FileSystemException>(() => WriteLogFile.Write(log, new MemoryStream()));
        Assert.Equal(Errno.EOPNOTSUPP, refused.Errno);
    }

    private static IEnumerable<byte[]> Held(Epoch epoch, int offset, int cut)
    {
        if (epoch.Cells.FirstOrDefault(cell => cell.OffsetBytes <= offset && offset < cell.OffsetBytes + cell.LengthBytes) is not { } found)
            return [epoch.Durable.Read(offset, 64).ToArray()];
        return found.Versions.Where(version => version.PossibleFrom <= cut)
            .Select(version => version.Bytes.Slice((int)(offset - found.OffsetBytes), 64).ToArray());
    }

    private static string Text(IEnumerable<byte[]> contents) =>
        string.Join(' ', contents.Select(bytes => Convert.ToHexString(bytes)).Distinct().Order(StringComparer.Ordinal));

    /// <summary>
    /// Random stores, flushes and fences. Beside them it keeps for each line all that it has ever held, up to where it was flushed, and up
    /// to where that is fenced: what it may hold at a cut is everything from there on.
    /// </summary>
    private sealed class MemoryRun
    {
        public const int LinesCount = 32;

        private readonly Random _random;
        private readonly Machine _machine = new();
        private readonly PersistentMemory _memory;
        private readonly List<(int FromCut, byte[] Bytes)>[] _contents = new List<(int, byte[])>[LinesCount];
        private readonly int[] _flushed = new int[LinesCount];
        private readonly List<(int FromCut, int Oldest)>[] _durable = new List<(int, int)>[LinesCount];

        public MemoryRun(int seed)
        {
            _random = new Random(seed);
            _memory = new PersistentMemory(_machine, new PagedMemory(8192));
            Log = _memory.StartLog();
            for (int line = 0; line < LinesCount; line++)
                (_contents[line], _durable[line]) = ([(0, new byte[64])], [(0, 0)]);
        }

        public WriteLog Log { get; }

        public void Run(int steps)
        {
            for (int i = 0; i < steps; i++)
                Step();
        }

        public IEnumerable<byte[]> Allowed(int line, int cut)
        {
            int oldest = _durable[line].FindLast(entry => entry.FromCut <= cut).Oldest;
            return _contents[line].Skip(oldest).Where(content => content.FromCut <= cut).Select(content => content.Bytes);
        }

        private void Step()
        {
            int offset = _random.Next(LinesCount * 64);
            int length = 1 + _random.Next(Math.Min(200, (LinesCount * 64) - offset));
            switch (_random.Next(6))
            {
                case 0 or 1:
                    Keep(offset, length, (bytes, origin) => _memory.Store(offset, bytes, origin), isCached: true);
                    break;
                case 2:
                    Keep(offset, length, (bytes, origin) => _memory.StoreNonTemporal(offset, bytes, origin), isCached: false);
                    MarkFlushed(offset, length);
                    break;
                case 3:
                    _memory.FlushLines(offset, length);
                    MarkFlushed(offset, length);
                    break;
                case 4:
                    _memory.Fence();
                    for (int line = 0; line < LinesCount; line++)
                        _durable[line].Add((Log.Position, _flushed[line]));
                    break;
                default:
                    WriteBlock();
                    break;
            }
        }

        private void WriteBlock()
        {
            int offset = 512 * _random.Next(LinesCount * 64 / 512);
            Keep(offset, 512, (bytes, origin) =>
            {
                _memory.Submit(new Bio(_machine).SetWrite(offset, bytes, origin));
                _machine.FireNow(_memory, 0);
            }, isCached: false, isAtOnce: true);
            for (int line = offset / 64; line < (offset + 512) / 64; line++)
                _durable[line].Add((Log.Position, _flushed[line] = _contents[line].Count - 1));
        }

        private void Keep(int offset, int length, Action<byte[], Provenance> store, bool isCached, bool isAtOnce = false)
        {
            int begin = Log.Position;
            var bytes = new byte[length];
            bytes.AsSpan().Fill((byte)_random.Next(4));
            store(bytes, default);
            for (int line = offset / 64; line <= (offset + length - 1) / 64; line++)
            {
                var content = new byte[64];
                _memory.Load(line * 64, content);
                int from = isCached ? begin + 1 + line - (offset / 64) : begin + 1; // cached stores are logged line by line
                _contents[line].Add((from, content));
            }

            Assert.True(!isAtOnce || Log.Position == begin + 2);
        }

        private void MarkFlushed(int offset, int length)
        {
            for (int line = offset / 64; line <= (offset + length - 1) / 64; line++)
                _flushed[line] = _contents[line].Count - 1;
        }
    }
}
