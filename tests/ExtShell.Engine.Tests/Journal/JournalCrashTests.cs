using System.Buffers.Binary;
using ExtShell.Engine.Devices;
using ExtShell.Engine.Journal;

namespace ExtShell.Engine.Tests.Journal;

/// <summary>
/// Seeded random transactions on tiny journals (wrap-around, checkpoints, revokes, escapes, several descriptors), the power cut at each
/// event of the write log: what recovery leaves is exactly the state after one transaction, and not before the last acknowledged one.
/// </summary>
public sealed class JournalCrashTests
{
    [Theory]
    [InlineData(1, JournalChecksum.Version3, true, 40, true)]
    [InlineData(2, JournalChecksum.Version3, false, 64, true)]
    [InlineData(3, JournalChecksum.Version2, true, 48, false)]
    [InlineData(4, JournalChecksum.Version2, false, 40, true)]
    [InlineData(5, JournalChecksum.None, true, 56, true)]
    [InlineData(6, JournalChecksum.None, false, 40, false)]
    [InlineData(7, JournalChecksum.Version3, true, 700, true)]
    public void RecoveryLeavesExactlyATransactionThatIsDurable(
        int seed, JournalChecksum checksum, bool is64Bit, int journalBlocks, bool hasFua)
    {
        var run = new Run(seed, checksum, is64Bit, journalBlocks, hasFua);
        run.DoTransactions(journalBlocks > 100 ? 14 : 60);
        run.CutEverywhere(statesPerCut: 2);
        Assert.True(run.TransactionsReplayed > 0);
    }

    [Fact]
    public void TheSequenceMayWrap()
    {
        var run = new Run(8, JournalChecksum.Version3, true, 40, true, sequence: uint.MaxValue - 8);
        run.DoTransactions(30);
        run.CutEverywhere(statesPerCut: 1);
        Assert.True(run.LastAcknowledged.Sequence < 100);
    }

    private sealed class Run
    {
        private readonly Random _random;
        private readonly RawVolume _volume;
        private readonly WriteLog _log;
        private readonly long[] _homes;
        private readonly Dictionary<long, byte[]> _now = [];
        private readonly HashSet<long> _freed = [];
        private readonly Dictionary<TransactionId, Dictionary<long, byte[]>> _after = [];
        private readonly List<(int Position, TransactionId Id)> _acknowledged = [];
        private readonly bool _isLarge;

        public Run(int seed, JournalChecksum checksum, bool is64Bit, int journalBlocks, bool hasFua, uint sequence = 1)
        {
            _random = new Random(seed);
            _isLarge = journalBlocks > 100;
            var options = new JournalOptions { Checksum = checksum, Uses64Bit = is64Bit };
            _volume = RawVolume.Make(journalBlocks, _isLarge ? 200 : 24, options, sequence, new DeviceTraits(true, hasFua));
            _homes = [.. _volume.Homes];
            foreach (long home in _homes)
                _now[home] = new byte[RawVolume.BlockSizeBytes];
            _after[_volume.Journal.RunningTransaction.Previous] = new(_now);
            _log = _volume.Disk.StartLog();
        }

        public int TransactionsReplayed { get; private set; }

        public TransactionId LastAcknowledged => _acknowledged[^1].Id;

        public void DoTransactions(int count)
        {
            for (int i = 0; i < count; i++)
                _volume.Machine.Run(() => DoTransactionAsync(i));
            Assert.True(_volume.Journal.CommitCount >= count / 2);
        }

        public void CutEverywhere(int statesPerCut)
        {
            for (int position = 0; position <= _log.Position; position++)
            {
                for (int state = 0; state < statesPerCut; state++)
                {
                    int percent = _random.Next(3) * 50; // nothing, half, or all of what is not durable
                    Check(position, CrashedDisk.At(_log, position, (_, _) => _random.Next(100) < percent, RawVolume.BlockSizeBytes));
                }
            }
        }

        private async ValueTask DoTransactionAsync(int number)
        {
            int mostBlocks = Math.Min(_volume.Journal.MaxCredits, _homes.Length);
            int count = _isLarge && number % 3 == 0 ? mostBlocks : _random.Next(1, mostBlocks + 1);
            Handle handle = await _volume.Journal.StartAsync(count, "random");
            long[] chosen = [.. _homes.Where(home => !_freed.Contains(home))];
            _random.Shuffle(chosen);
            foreach (long home in chosen.Take(count))
                Change(handle, home);
            if (_random.Next(3) == 0 && _freed.Count < _homes.Length / 2)
                Free(handle, chosen[_random.Next(chosen.Length)]);
            TransactionId id = handle.Transaction;
            _after[id] = new(_now);
            await handle.StopAsync();
            switch (_random.Next(4))
            {
                case 0:
                    return;
                case 1:
                    await _volume.Cache.WriteBackAsync();
                    break;
            }

            await _volume.Journal.CommitAsync(id);
            _acknowledged.Add((_log.Position, id));
        }

        private void Change(Handle handle, long home)
        {
            var bytes = new byte[RawVolume.BlockSizeBytes];
            _random.NextBytes(bytes.AsSpan(0, 64));
            if (_random.Next(4) == 0)
                BinaryPrimitives.WriteUInt32BigEndian(bytes, 0xC03B3998);
            ExtShell.Engine.Caching.Buffer buffer = _volume.Cache.Get(home);
            bytes.CopyTo(handle.GetWriteAccess(buffer));
            handle.Dirty(buffer);
            _now[home] = bytes;
        }

        /// <summary>
        /// Frees a block; once that is durable it becomes data, written around the journal: an old copy must not come back over it.
        /// </summary>
        private void Free(Handle handle, long home)
        {
            handle.Revoke(home, 1);
            _freed.Add(home);
            _now[home] = null!;
            handle.OnCommitted(() =>
            {
                byte[] data = [.. Enumerable.Repeat((byte)0xDA, RawVolume.BlockSizeBytes)];
                Bio bio = new Bio(_volume.Machine).SetWrite(home * RawVolume.BlockSizeBytes, data, new Provenance(ProvenanceKind.Data));
                _volume.Disk.Submit(bio);
            });
        }

        private void Check(int position, IStorage crashed)
        {
            byte[] before = crashed.Read(0, (int)crashed.LengthBytes).ToArray();
            RecoveryReport report = JournalRecovery.Replay(new StorageSource(crashed), _volume.Geometry);
            Assert.NotEqual(RecoveryOutcome.Failed, report.Outcome);
            TransactionsReplayed += report.TransactionsReplayed;
            TransactionId first = _after.Keys.First();
            TransactionId acknowledged = _acknowledged.Where(one => one.Position <= position).Select(one => one.Id).LastOrDefault(first);
            bool wasEmpty = report.Outcome == RecoveryOutcome.NotNeeded;
            TransactionId state = wasEmpty ? first : report.Next.Previous;
            Assert.True(
                state >= acknowledged, $"cut at {position}: transaction {acknowledged} was acknowledged, {state} is the last one there");
            foreach ((long home, byte[] expected) in _after[state])
            {
                byte[] found = _volume.BlockOf(crashed, home);
                if (expected is not null)
                    Assert.True(
                        expected.AsSpan().SequenceEqual(found), $"cut at {position}: block {home} is not as transaction {state} left it");
                else if (before.AsSpan((int)home * RawVolume.BlockSizeBytes, 1)[0] == 0xDA)
                    Assert.True(found[0] == 0xDA, $"cut at {position}: a copy of freed block {home} came back over data");
            }
        }
    }
}
