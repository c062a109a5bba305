using ExtShell.Engine.Caching;
using ExtShell.Engine.Devices;
using ExtShell.Engine.Kernel;
using ExtShell.Format.Checksums;
using ExtShell.Format.Errors;
using ExtShell.Format.Sources;
using Buffer = ExtShell.Engine.Caching.Buffer;

namespace ExtShell.Engine.Tests.Caching;

public sealed class BufferCacheTests
{
    private const int Block = 4096;
    private readonly Machine _machine = new();
    private readonly SimulatedDisk _disk;
    private readonly BufferCache _cache;

    public BufferCacheTests()
    {
        _disk = new SimulatedDisk(_machine, new PagedMemory(1024 * Block), new DeviceTraits(HasVolatileCache: true));
        _cache = new BufferCache(_machine, _disk, Block);
    }

    [Fact]
    public void NothingIsReadBeforeItIsAskedFor()
    {
        Buffer buffer = _cache.Get(5);
        Assert.False(buffer.IsLoaded);
        Assert.Same(buffer, _cache.Get(5));
        Assert.Equal(0, buffer.Read(10, 1)[0]);
        Assert.True(buffer.IsLoaded);
    }

    [Fact]
    public void AnUndecidedBlockIsReadByRangeAndMaterialisedByWriting()
    {
        var undecided = new Undecided();
        var cache = new BufferCache(_machine, undecided, Block);
        Buffer buffer = cache.Get(3);
        buffer.Read(100, 12);
        buffer.Read(200, 4);
        Assert.False(buffer.IsLoaded);
        Assert.Equal([((3L * Block) + 100, 12), ((3L * Block) + 200, 4)], undecided.Reads);
        buffer.GetContentForWriting();
        Assert.True(buffer.IsLoaded);
        Assert.Equal((3L * Block, Block), undecided.Reads[^1]);
        buffer.Read(0, Block);
        Assert.Equal(3, undecided.Reads.Count);
    }

    [Fact]
    public void AVerifiedReadOfAnUndecidedBlockIsTheDevicesAndOfALoadedOneTheCaches()
    {
        var undecided = new Undecided();
        var cache = new BufferCache(_machine, undecided, Block);
        var rule = new ChecksumRule(ChecksumKind.Crc32C, 0, new StoredBits(Block, 4, 0, false));
        rule.AddImage(Block + 8, 8);
        Assert.False(cache.Get(1).TryReadVerified(8, 8, rule, out _));
        Assert.Equal(1, undecided.VerifiedReads);
        cache.Get(1).GetContentForWriting()[8] = 1;
        rule.Store(cache.Get(1).GetContentForWriting(), Block);
        Assert.True(cache.Get(1).TryReadVerified(8, 8, rule, out ReadOnlySpan<byte> bytes));
        Assert.Equal(1, bytes[0]);
        Assert.Equal(1, undecided.VerifiedReads);
    }

    [Fact]
    public void NeighboursGoHomeInOneWriteInOrder()
    {
        foreach (long block in new long[] { 9, 3, 8, 200, 4 })
            MakeDirty(block, (byte)block);
        WriteLog log = _disk.StartLog();
        _machine.Run(_cache.WriteBackAsync);
        Assert.Equal([(3, 2), (8, 2), (200, 1)], log.Bios.Select(bio => ((int)(bio.OffsetBytes / Block), bio.LengthBytes / Block)));
        Assert.All(new long[] { 3, 4, 8, 9, 200 }, block => Assert.Equal((byte)block, _disk.Storage.Read((block * Block) + 7, 1)[0]));
        _machine.Run(_cache.WriteBackAsync);
        Assert.Equal(3, log.Bios.Count);
    }

    [Fact]
    public void ABioCarriesAtMostOneMebibyte()
    {
        for (long block = 10; block < 10 + 300; block++)
            MakeDirty(block, 1);
        WriteLog log = _disk.StartLog();
        _machine.Run(_cache.WriteBackAsync);
        Assert.Equal([256, 44], log.Bios.Select(bio => bio.LengthBytes / Block));
    }

    [Fact]
    public void AForgottenBlockIsNotWrittenHome()
    {
        MakeDirty(7, 7);
        _cache.Forget(7);
        WriteLog log = _disk.StartLog();
        _machine.Run(_cache.WriteBackAsync);
        Assert.Empty(log.Bios);
        Assert.Equal(0, _cache.Get(7).Read(0, 1)[0]);
    }

    [Fact]
    public void ABlockThatFailsToGoHomeStaysDirtyAndIsReported()
    {
        MakeDirty(7, 7);
        _disk.FaultPlan = _ => Errno.EIO;
        Assert.Equal(Errno.EIO, Assert.Throws<FileSystemException>(() => _machine.Run(_cache.WriteBackAsync)).Errno);
        Assert.True(_cache.Get(7).IsDirty);
        _disk.FaultPlan = null;
        _machine.Run(_cache.WriteBackAsync);
        Assert.Equal(7, _disk.Storage.Read(7 * Block, 1)[0]);
    }

    [Fact]
    public void ABlockIsNotSentHomeWhileAnOlderWriteOfItIsInFlight()
    {
        var machine = new Machine(new NewestFirst());
        var disk = new SimulatedDisk(machine, new PagedMemory(64 * Block), new DeviceTraits(true));
        var cache = new BufferCache(machine, disk, Block);
        WriteLog log = disk.StartLog();
        async ValueTask WriteAsync(byte value)
        {
            cache.Get(5).GetContentForWriting().Fill(value);
            cache.Get(5).MarkDirty();
            await cache.WriteBackAsync();
        }

        machine.Spawn("first", () => WriteAsync(1));
        machine.Run(async () =>
        {
            await machine.Yield("to let the first begin");
            Assert.True(cache.Get(5).IsInFlight);
            await WriteAsync(2);
        });
        Assert.Equal(2, log.Bios.Count);
        Assert.True(log.Bios[0].CompletedAt < log.Bios[1].SubmittedAt);
        Assert.Equal(2, disk.Storage.Read(5 * Block, 1)[0]);
    }

    [Fact]
    public void AsASourceItShowsWhatIsLoadedAndTheDeviceElsewhere()
    {
        _disk.Storage.Write(2 * Block, [9]);
        MakeDirty(1, 8);
        ReadOnlySpan<byte> bytes = _cache.Read((2 * Block) - 1, 2);
        Assert.Equal((8, 9), (bytes[0], bytes[1]));
    }

    [Fact]
    public void ABlockThatTheDeviceDoesNotHaveIsRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => _cache.Get(1024));
        Assert.Throws<ArgumentOutOfRangeException>(() => _cache.Get(-1));
    }

    [Fact]
    public void RepeatedWriteBackDoesNotAllocateForEachBlock()
    {
        long[] blocks = [.. Enumerable.Range(0, 500).Select(i => (long)i * 2)];
        void Round()
        {
            foreach (long block in blocks)
            {
                _cache.Get(block).GetContentForWriting()[0]++;
                _cache.Get(block).MarkDirty();
            }

            _machine.Run(_cache.WriteBackAsync);
        }

        Round();
        Round();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Round();
        // Built for debugging, each call of an async method takes an object; no block is copied into memory of its own.
        Assert.True(
            GC.GetAllocatedBytesForCurrentThread() - before < 500 * 300, $"{GC.GetAllocatedBytesForCurrentThread() - before} bytes");
    }

    private void MakeDirty(long block, byte value)
    {
        _cache.Get(block).GetContentForWriting().Fill(value);
        _cache.Get(block).MarkDirty();
    }

    /// <summary>Other threads first, then the newest end.</summary>
    private sealed class NewestFirst : IScheduleStrategy
    {
        public int Pick(Machine machine, ReadOnlySpan<Choice> choices)
        {
            for (int i = choices.Length - 1; i >= 0; i--)
            {
                if (!choices[i].IsInterrupt)
                    return i;
            }

            return choices.Length - 1;
        }
    }

    /// <summary>A device whose content is undecided everywhere, and notes what is read.</summary>
    private sealed class Undecided : IBlockDevice, IByteSource
    {
        public List<(long Offset, int Length)> Reads { get; } = [];

        public int VerifiedReads { get; private set; }

        public long LengthBytes => 64 * Block;

        public int SectorSizeBytes => 512;

        public DeviceTraits Traits => default;

        public IByteSource Content => this;

        public int PendingCount => 0;

        public ReadOnlySpan<byte> Read(long offsetBytes, int lengthBytes)
        {
            Reads.Add((offsetBytes, lengthBytes));
            return new byte[lengthBytes];
        }

        public bool IsDecided(long offsetBytes, int lengthBytes) => false;

        public bool TryReadVerified(long offsetBytes, int lengthBytes, in ChecksumRule rule, out ReadOnlySpan<byte> bytes)
        {
            VerifiedReads++;
            bytes = default;
            return false;
        }

        public int PendingId(int index) => throw new InvalidOperationException();

        public string DescribePending(int index) => throw new InvalidOperationException();

        public void Fire(int index) => throw new InvalidOperationException();

        public void Submit(Bio bio) => throw new InvalidOperationException();

        public bool TryFire(Bio bio) => false;
    }
}
