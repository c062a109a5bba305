using System.Buffers.Binary;
using System.Runtime.InteropServices;
using ExtShell.Engine.Devices;
using ExtShell.Engine.Journal;
using ExtShell.Format.Checksums;
using ExtShell.Format.Errors;
using ExtShell.Format.Journal;
using ExtShell.Format.Sources;

namespace ExtShell.Engine.Tests.Journal;

public sealed class JournalRecoveryTests
{
    private const int Block = RawVolume.BlockSizeBytes;

    [Fact]
    public void AnEmptyLogCostsOneLookAtTheSuperblock()
    {
        RawVolume volume = RawVolume.Make(64);
        var source = new WatchedSource(new StorageSource(volume.Disk.Storage));
        Assert.Equal(RecoveryOutcome.NotNeeded, JournalRecovery.Replay(source, volume.Geometry).Outcome);
        Assert.True(source.Reads.Count <= 3, $"{source.Reads.Count} reads");
    }

    [Fact]
    public void ALogWithNothingBehindItsTailCostsOneHeaderMore()
    {
        Log log = Log.Of(JournalChecksum.Version3, transactions: 0);
        log.EditSuperBlock((ref JournalSuperBlock superBlock) => superBlock.Start = 1);
        var source = new WatchedSource(log.Source);
        RecoveryReport report = JournalRecovery.Replay(source, log.Volume.Geometry);
        Assert.Equal((RecoveryOutcome.Recovered, LogEnd.NoRecord, 0), (report.Outcome, report.End, report.TransactionsReplayed));
        Assert.True(source.Reads.Count <= 8, $"{source.Reads.Count} reads");
    }

    [Fact]
    public void WithoutSumsNoCopyIsReadAndOfRecordsOnlyHeadersAndTags()
    {
        Log log = Log.Of(JournalChecksum.None, transactions: 3);
        var source = new WatchedSource(log.Source);
        Assert.Equal(3, JournalRecovery.Replay(source, log.Volume.Geometry).TransactionsReplayed);
        HashSet<long> copies = [.. Enumerable.Range(0, 3)
            .SelectMany(i => new[] { 2, 3 }.Select(at => log.Offset((uint)(1 + (i * 4) + at - 1))))];
        Assert.DoesNotContain(source.Reads, read => copies.Contains(read.Offset / Block * Block));
        Assert.True(source.BytesRead < 3 * 1024 + (3 * 100), $"{source.BytesRead} bytes");
    }

    [Fact]
    public void TheSequenceSkipsOneAndTheHeadIsKept()
    {
        Log log = Log.Of(JournalChecksum.Version3, transactions: 3);
        RecoveryReport report = JournalRecovery.Replay(log.Source, log.Volume.Geometry);
        Assert.Equal((2u, 5u, 13u), (report.First.Sequence, report.Next.Sequence, report.EndBlock));
        JournalSuperBlock superBlock = log.SuperBlock;
        Assert.Equal((0u, 6u, 13u), (superBlock.Start.Value, superBlock.Sequence.Value, superBlock.Head.Value));
    }

    [Fact]
    public void ADamagedCopyFailsRecoveryWithNothingOfItsTransactionReplayed()
    {
        Log log = Log.Of(JournalChecksum.Version3, transactions: 3);
        log.Flip(log.Offset(1 + 4 + 2) + 500); // the second copy of the second transaction
        JournalSuperBlock before = log.SuperBlock;
        RecoveryReport report = JournalRecovery.Replay(log.Source, log.Volume.Geometry);
        Assert.Equal((RecoveryOutcome.Failed, LogEnd.DamagedCopy, Errno.EBADMSG), (report.Outcome, report.End, report.Error));
        Assert.Equal(1, report.TransactionsReplayed);
        Assert.Equal([1, 1], log.Homes);
        Assert.Equal(before.Start, log.SuperBlock.Start);
    }

    [Fact]
    public void ADamagedCommitRecordFailsRecoveryAfterWhatCameBefore()
    {
        Log log = Log.Of(JournalChecksum.Version3, transactions: 3);
        log.Flip(log.Offset(8) + 0x3B); // the second commit record's nanoseconds
        RecoveryReport report = JournalRecovery.Replay(log.Source, log.Volume.Geometry);
        Assert.Equal((RecoveryOutcome.Failed, LogEnd.DamagedCommit, Errno.EUCLEAN), (report.Outcome, report.End, report.Error));
        Assert.Equal([1, 1], log.Homes);
    }

    [Fact]
    public void ACommitRecordTornAtASectorCounts()
    {
        Log log = Log.Of(JournalChecksum.Version3, transactions: 3);
        log.Flip(log.Offset(12) + 512);
        Assert.Equal(3, JournalRecovery.Replay(log.Source, log.Volume.Geometry).TransactionsReplayed);
        Assert.Equal([3, 3], log.Homes);
    }

    [Fact]
    public void ADamagedDescriptorBeforeACommitRecordFailsRecoveryAsInTheKernel()
    {
        Log log = Log.Of(JournalChecksum.Version3, transactions: 3);
        log.Flip(log.Offset(5) + 800);
        RecoveryReport report = JournalRecovery.Replay(log.Source, log.Volume.Geometry);
        Assert.Equal((RecoveryOutcome.Failed, LogEnd.DamagedTransaction, Errno.EBADMSG), (report.Outcome, report.End, report.Error));
        Assert.Equal([0, 0], log.Homes);
    }

    [Fact]
    public void AnExplorerStopsAtADescriptorWhoseSumIsWrong()
    {
        Log log = Log.Of(JournalChecksum.Version3, transactions: 3);
        log.Flip(log.Offset(5) + 800);
        RecoveryReport report = JournalRecovery.Replay(log.Source, log.Volume.Geometry, stopsAtBadDescriptor: true);
        Assert.Equal((RecoveryOutcome.Recovered, LogEnd.DescriptorChecksum), (report.Outcome, report.End));
        Assert.Equal([1, 1], log.Homes);
    }

    [Fact]
    public void AWrongSumBeforeAnOlderCommitRecordIsWhatTheLogHeldBefore()
    {
        Log log = Log.Of(JournalChecksum.Version3, transactions: 3);
        log.Flip(log.Offset(9) + 800);
        BinaryPrimitives.WriteUInt64BigEndian(log.At(log.Offset(12) + 0x30, 8), 5); // its commit record says 1970
        RecoveryReport report = JournalRecovery.Replay(log.Source, log.Volume.Geometry);
        Assert.Equal((RecoveryOutcome.Recovered, LogEnd.StaleCommit, 2), (report.Outcome, report.End, report.TransactionsReplayed));
    }

    [Fact]
    public void ATransactionWhoseRecordDidNotWaitEndsTheLogWhereItsSumIsWrong()
    {
        Log log = Log.Of(JournalChecksum.None, transactions: 3);
        log.UseChecksumV1(isAsync: true);
        log.Flip(log.Offset(11) + 500); // a copy of the third
        RecoveryReport report = JournalRecovery.Replay(log.Source, log.Volume.Geometry);
        Assert.Equal((RecoveryOutcome.Recovered, LogEnd.IncompleteCommit, 2), (report.Outcome, report.End, report.TransactionsReplayed));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void AWrongSumOfVersion1BeforeAnotherTransactionIsDamage(bool isAsync)
    {
        Log log = Log.Of(JournalChecksum.None, transactions: 3);
        log.UseChecksumV1(isAsync);
        log.Flip(log.Offset(7) + 500); // a copy of the second
        RecoveryReport report = JournalRecovery.Replay(log.Source, log.Volume.Geometry);
        Assert.Equal((RecoveryOutcome.Failed, LogEnd.DamagedCommit), (report.Outcome, report.End));
        Assert.Equal([1, 1], log.Homes);
    }

    [Fact]
    public void SumsOfVersion1ThatMatchAreReplayed()
    {
        Log log = Log.Of(JournalChecksum.None, transactions: 3);
        log.UseChecksumV1(isAsync: false);
        Assert.Equal(3, JournalRecovery.Replay(log.Source, log.Volume.Geometry).TransactionsReplayed);
    }

    [Fact]
    public void ARevokedCopyOfTheSameOrAnOlderTransactionIsNotReplayed()
    {
        RawVolume volume = RawVolume.Make(64, options: new JournalOptions { Checksum = JournalChecksum.None });
        (long freed, long other) = (volume.Homes.First(), volume.Homes.ElementAt(1));
        volume.Commit((freed, RawVolume.Filled(1)), (other, RawVolume.Filled(1)));
        volume.Commit([freed], (other, RawVolume.Filled(2)));
        IStorage storage = volume.Disk.Storage;
        var tag = new byte[4];
        // the second transaction's copy, after its revoke block, is of the freed block
        BinaryPrimitives.WriteUInt32BigEndian(tag, (uint)freed);
        storage.Write(volume.Geometry.OffsetBytes(6) + 12, tag);
        RecoveryReport report = JournalRecovery.Replay(new StorageSource(storage), volume.Geometry);
        Assert.Equal((1, 2, 1), (report.BlocksReplayed, report.BlocksRevoked, report.RevokeRecords));
        Assert.Equal(0, storage.Read(freed * Block, 1)[0]);
        Assert.Equal(1, storage.Read(other * Block, 1)[0]);
    }

    [Theory]
    [InlineData(1_000_000u)]
    [InlineData(4u)]
    public void AHomeThatCannotBeIsTypedCorruption(uint home)
    {
        Log log = Log.Of(JournalChecksum.None, transactions: 2);
        BinaryPrimitives.WriteUInt32BigEndian(log.At(log.Offset(5) + 12, 4), home);
        CorruptionException corruption = Assert.Throws<CorruptionException>(() => JournalRecovery.Replay(log.Source, log.Volume.Geometry));
        Assert.Equal(("t_blocknr", log.Offset(5)), (corruption.Field, corruption.OffsetBytes));
        Assert.Equal([1, 1], log.Homes);
    }

    [Fact]
    public void ARevokeBlockThatCountsMoreThanItHoldsIsTypedCorruption()
    {
        RawVolume volume = RawVolume.Make(64, options: new JournalOptions { Checksum = JournalChecksum.None });
        volume.Commit([volume.Homes.First()]);
        byte[] count = [0, 1, 0, 0];
        volume.Disk.Storage.Write(volume.Geometry.OffsetBytes(1) + 12, count);
        CorruptionException corruption = Assert.Throws<CorruptionException>(
            () => JournalRecovery.Replay(new StorageSource(volume.Disk.Storage), volume.Geometry));
        Assert.Equal("r_count", corruption.Field);
    }

    [Fact]
    public void ALogOfRevokeBlocksOnlyIsWalkedOnce()
    {
        Log log = Log.Of(JournalChecksum.None, transactions: 0);
        log.EditSuperBlock((ref JournalSuperBlock superBlock) => superBlock.Start = 1);
        for (uint block = 1; block < 64; block++)
        {
            Span<byte> bytes = log.At(log.Offset(block), 16);
            MemoryMarshal.AsRef<JournalHeader>(bytes) = JournalHeader.Of(JournalBlockType.Revoke, log.SuperBlock.Sequence);
        }

        RecoveryReport report = JournalRecovery.Replay(log.Source, log.Volume.Geometry);
        Assert.Equal((LogEnd.LongerThanLog, 0), (report.End, report.TransactionsReplayed));
    }

    [Fact]
    public void FastCommitsAreRefusedByNameWhereThereAreSome()
    {
        Log log = Log.Of(JournalChecksum.None, transactions: 1);
        log.EditSuperBlock((ref JournalSuperBlock superBlock) =>
        {
            superBlock.FeatureIncompat = superBlock.FeatureIncompat.Value | (uint)JournalIncompatibleFeatures.FastCommit;
            superBlock.FastCommitBlocksCount = 8;
        });
        Log without = log.Copy();
        Assert.Equal(1, JournalRecovery.Replay(without.Source, log.Volume.Geometry).TransactionsReplayed);

        Span<byte> area = log.At(log.Offset(64 - 8 + 1), 12);
        BinaryPrimitives.WriteUInt16LittleEndian(area, (ushort)FastCommitTag.Head);
        BinaryPrimitives.WriteUInt32LittleEndian(area[8..], 3); // the transaction after the last
        FileSystemException refusal = Assert.Throws<FileSystemException>(() => JournalRecovery.Replay(log.Source, log.Volume.Geometry));
        Assert.Equal(Errno.EOPNOTSUPP, refusal.Errno);
        Assert.Contains("fast_commit", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WipingDropsTheLogAndReplaysNothing()
    {
        Log log = Log.Of(JournalChecksum.Version3, transactions: 3);
        Assert.True(JournalRecovery.Wipe(log.Source, log.Volume.Geometry));
        Assert.Equal([0, 0], log.Homes);
        Assert.Equal((0u, 6u), (log.SuperBlock.Start.Value, log.SuperBlock.Sequence.Value));
        Assert.False(JournalRecovery.Wipe(log.Source, log.Volume.Geometry));
    }

    [Theory]
    [InlineData(0x00, 4, "h_magic")]
    [InlineData(0x04, 4, "h_blocktype")]
    [InlineData(0x0C, 4, "s_blocksize")]
    [InlineData(0x10, 4, "s_maxlen")]
    [InlineData(0x14, 4, "s_first")]
    [InlineData(0x1C, 4, "s_start")]
    [InlineData(0xFC, 4, "s_checksum")]
    public void ASuperblockThatLiesIsTypedCorruption(int offset, int length, string field)
    {
        Log log = Log.Of(offset == 0xFC ? JournalChecksum.Version3 : JournalChecksum.None, transactions: 2);
        log.At(log.Offset(0) + offset, length).Fill(0xEE);
        Assert.Equal(field, Assert.Throws<CorruptionException>(() => JournalRecovery.Replay(log.Source, log.Volume.Geometry)).Field);
    }

    [Theory]
    [InlineData(JournalChecksum.None)]
    [InlineData(JournalChecksum.Version2)]
    [InlineData(JournalChecksum.Version3)]
    public void NoBytesEndInAnythingButATypedErrorAndWorkIsBounded(JournalChecksum checksum)
    {
        var random = new Random(17);
        Log sound = Log.Of(checksum, transactions: 4);
        for (int i = 0; i < 2000; i++)
        {
            Log log = sound.Copy();
            for (int flips = random.Next(1, 8); flips > 0; flips--)
                log.At(log.Offset((uint)random.Next(20)) + random.Next(64), 1)[0] ^= (byte)(1 << random.Next(8));
            var source = new WatchedSource(log.Source);
            try
            {
                JournalRecovery.Replay(source, log.Volume.Geometry, stopsAtBadDescriptor: random.Next(2) == 0);
            }
            catch (Exception error) when (error is CorruptionException or FileSystemException)
            {
            }

            Assert.True(source.Reads.Count < 20_000, $"{source.Reads.Count} reads");
        }
    }

    private delegate void SuperBlockEdit(ref JournalSuperBlock superBlock);

    /// <summary>A log of so many transactions of four blocks (descriptor, two copies, record) from block 1 on; copy n holds n.</summary>
    private sealed class Log(RawVolume volume, byte[] bytes)
    {
        public RawVolume Volume => volume;

        public MemorySource Source { get; private set; } = null!;

        public JournalSuperBlock SuperBlock => MemoryMarshal.Read<JournalSuperBlock>(At(Offset(0), JournalSuperBlock.SizeBytes));

        public int[] Homes => [.. volume.Homes.Take(2).Select(home => (int)At(home * Block, 1)[0])];

        public static Log Of(JournalChecksum checksum, int transactions)
        {
            RawVolume volume = RawVolume.Make(64, options: new JournalOptions { Checksum = checksum });
            long[] homes = [.. volume.Homes.Take(2)];
            for (int i = 1; i <= transactions; i++)
                volume.Commit((homes[0], RawVolume.Filled((byte)i)), (homes[1], RawVolume.Filled((byte)i)));
            return new Log(volume, volume.Disk.Storage.Read(0, (int)volume.Disk.LengthBytes).ToArray()).Connect();
        }

        public Log Copy() => new Log(volume, [.. bytes]).Connect();

        public long Offset(uint block) => volume.Geometry.OffsetBytes(block);

        public Span<byte> At(long offset, int length) => bytes.AsSpan((int)offset, length);

        public void Flip(long offset) => bytes[offset] ^= 0x40;

        public void EditSuperBlock(SuperBlockEdit edit)
        {
            Span<byte> block = At(Offset(0), JournalSuperBlock.SizeBytes);
            edit(ref MemoryMarshal.AsRef<JournalSuperBlock>(block));
            if (SuperBlock.HasChecksumV2OrV3)
                JournalChecksums.SuperBlock(0).Store(block, 0);
        }

        /// <summary>Gives each transaction the sum of version 1 in its record.</summary>
        public void UseChecksumV1(bool isAsync)
        {
            EditSuperBlock((ref JournalSuperBlock superBlock) =>
            {
                superBlock.FeatureCompat = (uint)JournalCompatibleFeatures.Checksum;
                superBlock.FeatureIncompat = superBlock.FeatureIncompat.Value
                    | (isAsync ? (uint)JournalIncompatibleFeatures.AsyncCommit : 0);
            });
            for (uint first = 1; first < 13; first += 4)
            {
                uint sum = Crc32BigEndian.InitialRegister;
                for (uint i = 0; i < 3; i++)
                    sum = Crc32BigEndian.Update(sum, At(Offset(first + i), Block));
                Span<byte> record = At(Offset(first + 3), Block);
                (record[0x0C], record[0x0D]) = (1, 4);
                BinaryPrimitives.WriteUInt32BigEndian(record[0x10..], sum);
            }
        }

        private Log Connect()
        {
            Source = new MemorySource(bytes);
            return this;
        }
    }
}
