using System.Buffers.Binary;
using ExtShell.Engine.Devices;
using ExtShell.Engine.Journal;
using ExtShell.Engine.Kernel;

namespace ExtShell.Engine.Tests.Journal;

/// <summary>The journal under threads: a transaction commits while the next one runs.</summary>
public sealed class JournalThreadTests
{
    [Fact]
    public void WhatTheNextTransactionChangesDoesNotReachTheLogOfTheOneThatCommits()
    {
        RawVolume volume = RawVolume.Make(64);
        long home = volume.Homes.First();
        volume.Machine.Run(async () =>
        {
            Handle handle = await volume.Journal.StartAsync(1, "first");
            RawVolume.Filled(1).CopyTo(handle.GetWriteAccess(volume.Cache.Get(home)));
            handle.Dirty(volume.Cache.Get(home));
            handle.AddOrderedData(new Meanwhile(async () => await volume.ChangeAsync([], (home, RawVolume.Filled(2)))));
            TransactionId id = handle.Transaction;
            await handle.StopAsync();
            await volume.Journal.CommitAsync(id);
        });

        IStorage crashed = volume.Disk.Storage.Snapshot();
        JournalRecovery.Replay(new StorageSource(crashed), volume.Geometry);
        Assert.Equal(RawVolume.Filled(1), volume.BlockOf(crashed, home));
        Assert.Equal(RawVolume.Filled(2), volume.Cache.Get(home).Read().ToArray());

        volume.Machine.Run(volume.Cache.WriteBackAsync);
        Assert.NotEqual(RawVolume.Filled(2), volume.BlockOf(volume.Disk.Storage, home));
        volume.Machine.Run(volume.Journal.CloseAsync);
        Assert.Equal(RawVolume.Filled(2), volume.BlockOf(volume.Disk.Storage, home));
    }

    [Fact]
    public void OrderedDataIsOnTheDeviceBeforeTheFlushOfItsCommit()
    {
        RawVolume volume = RawVolume.Make(64);
        long data = volume.Homes.Last();
        var bio = new Bio(volume.Machine);
        WriteLog log = volume.Disk.StartLog();
        volume.Machine.Run(async () =>
        {
            Handle handle = await volume.Journal.StartAsync(1, "append");
            handle.AddOrderedData(new Meanwhile(
                () =>
                {
                    volume.Disk.Submit(bio.SetWrite(data * RawVolume.BlockSizeBytes, RawVolume.Filled(3), default));
                    return default;
                },
                async () => await bio.WaitAsync()));
            TransactionId id = handle.Transaction;
            await handle.StopAsync();
            await volume.Journal.CommitAsync(id);
        });
        LoggedBio written = log.Bios.Single(one => one.OffsetBytes == data * RawVolume.BlockSizeBytes);
        LoggedBio flush = log.Bios.First(one => one.Operation == BioOperation.Flush);
        Assert.True(written.CompletedAt < flush.SubmittedAt);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 0)]
    [InlineData(3, 40)]
    [InlineData(4, 80)]
    [InlineData(5, 120)]
    [InlineData(6, 200)]
    public void ThreadsInAnyOrderLeaveTransactionsThatRecoverWhole(int seed, int fixedCut)
    {
        for (int i = 0; i < 20; i++)
            new ThreadedRun((seed * 1000) + i).CheckCuts(fixedCut);
    }

    private sealed class Meanwhile(Func<ValueTask> submit, Func<ValueTask>? wait = null) : IOrderedData
    {
        public async ValueTask SubmitOrderedAsync(long offsetBytes, long lengthBytes) => await submit();

        public async ValueTask WaitForOrderedAsync(long offsetBytes, long lengthBytes)
        {
            if (wait is not null)
                await wait();
        }
    }

    private sealed class RandomStrategy(Random random) : IScheduleStrategy
    {
        public int Pick(Machine machine, ReadOnlySpan<Choice> choices) => random.Next(choices.Length);
    }

    /// <summary>Four threads that count in shared blocks: all blocks of a transaction hold the same number, so a torn one shows.</summary>
    private sealed class ThreadedRun
    {
        private const int Group = 3;
        private readonly Random _random;
        private readonly RawVolume _volume;
        private readonly long[] _homes;
        private readonly WriteLog _log;
        private readonly List<(int Position, uint Value)> _acknowledged = [];
        private uint _value;

        public ThreadedRun(int seed)
        {
            _random = new Random(seed);
            _volume = RawVolume.Make(44, strategy: new RandomStrategy(new Random(~seed)));
            _homes = [.. _volume.Homes.Take(Group)];
            _log = _volume.Disk.StartLog();
            for (int i = 0; i < 4; i++)
                _volume.Machine.Spawn($"writer {i}", WriteAsync);
            _volume.Machine.Run(WriteAsync);
            _volume.Machine.RunUntilIdle();
            Assert.Equal(5u * 8, _value);
        }

        public void CheckCuts(int fixedCut)
        {
            for (int i = 0; i < 25; i++)
            {
                int position = i == 0 && fixedCut > 0 ? Math.Min(fixedCut, _log.Position) : _random.Next(_log.Position + 1);
                int percent = _random.Next(3) * 50;
                IStorage crashed = CrashedDisk.At(_log, position, (_, _) => _random.Next(100) < percent, RawVolume.BlockSizeBytes);
                JournalRecovery.Replay(new StorageSource(crashed), _volume.Geometry);
                uint[] found = [
                    .. _homes.Select(home => BinaryPrimitives.ReadUInt32LittleEndian(crashed.Read(home * RawVolume.BlockSizeBytes, 4)))];
                Assert.True(found.Distinct().Count() == 1, $"cut at {position}: {string.Join(", ", found)}");
                uint acknowledged = _acknowledged.Where(one => one.Position <= position).Select(one => one.Value).DefaultIfEmpty().Max();
                Assert.True(found[0] >= acknowledged, $"cut at {position}: {acknowledged} was acknowledged, {found[0]} is there");
            }
        }

        private async ValueTask WriteAsync()
        {
            for (int i = 0; i < 8; i++)
            {
                Handle handle = await _volume.Journal.StartAsync(Group, "count");
                await _volume.Machine.Yield("with a handle open");
                uint value = ++_value;
                foreach (long home in _homes)
                {
                    ExtShell.Engine.Caching.Buffer buffer = _volume.Cache.Get(home);
                    BinaryPrimitives.WriteUInt32LittleEndian(handle.GetWriteAccess(buffer), value);
                    handle.Dirty(buffer);
                }

                TransactionId id = handle.Transaction;
                await handle.StopAsync();
                int what = _random.Next(4);
                if (what == 0)
                    await _volume.Cache.WriteBackAsync();
                if (what < 2)
                    continue;
                await _volume.Journal.CommitAsync(id);
                _acknowledged.Add((_log.Position, value));
            }
        }
    }
}
