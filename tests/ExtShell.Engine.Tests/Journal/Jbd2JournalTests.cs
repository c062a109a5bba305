using ExtShell.Engine.Devices;
using ExtShell.Engine.Journal;
using ExtShell.Engine.Kernel;
using ExtShell.Format.Errors;

namespace ExtShell.Engine.Tests.Journal;

public sealed class Jbd2JournalTests
{
    [Fact]
    public void CommittedBlocksAreReplayedAfterACrash()
    {
        RawVolume volume = RawVolume.Make(64);
        long home = volume.Homes.First();
        volume.Commit((home, RawVolume.Filled(7)));
        IStorage crashed = volume.Disk.Storage.Snapshot();
        Assert.NotEqual(RawVolume.Filled(7), volume.BlockOf(crashed, home));

        RecoveryReport report = JournalRecovery.Replay(new StorageSource(crashed), volume.Geometry);

        Assert.Equal(RecoveryOutcome.Recovered, report.Outcome);
        Assert.Equal((1, 1), (report.TransactionsReplayed, report.BlocksReplayed));
        Assert.Equal(RawVolume.Filled(7), volume.BlockOf(crashed, home));
        Assert.Equal(RecoveryOutcome.NotNeeded, JournalRecovery.Replay(new StorageSource(crashed), volume.Geometry).Outcome);
    }

    [Fact]
    public void CloseBringsAllHomeAndLeavesAnEmptyLog()
    {
        RawVolume volume = RawVolume.Make(64);
        long[] homes = [.. volume.Homes.Take(3)];
        volume.Commit((homes[0], RawVolume.Filled(1)), (homes[1], RawVolume.Filled(2)));
        volume.Commit((homes[1], RawVolume.Filled(3)), (homes[2], RawVolume.Filled(4)));
        volume.Machine.Run(volume.Journal.CloseAsync);

        Assert.Equal(RawVolume.Filled(1), volume.BlockOf(volume.Disk.Storage, homes[0]));
        Assert.Equal(RawVolume.Filled(3), volume.BlockOf(volume.Disk.Storage, homes[1]));
        Assert.Equal(RawVolume.Filled(4), volume.BlockOf(volume.Disk.Storage, homes[2]));
        Assert.Equal(RecoveryOutcome.NotNeeded, JournalRecovery.Replay(new StorageSource(volume.Disk.Storage), volume.Geometry).Outcome);
        Assert.Empty(volume.Machine.Threads);
    }

    [Fact]
    public void ANestedStartJoinsItsOuterHandle()
    {
        RawVolume volume = RawVolume.Make(64);
        volume.Machine.Run(async () =>
        {
            Handle outer = await volume.Journal.StartAsync(3, "outer");
            Handle inner = await volume.Journal.StartAsync(1000, "inner");
            Assert.Same(outer, inner);
            await inner.StopAsync();
            Assert.Same(outer, volume.Journal.CurrentHandle);
            await outer.StopAsync();
            Assert.Null(volume.Journal.CurrentHandle);
        });
    }

    [Fact]
    public void AHandleThatChangesMoreThanItReservedIsOurBug()
    {
        RawVolume volume = RawVolume.Make(64);
        long[] homes = [.. volume.Homes.Take(2)];
        Assert.Throws<InvariantException>(() => volume.Machine.Run(async () =>
        {
            Handle handle = await volume.Journal.StartAsync(1, "test");
            foreach (long home in homes)
            {
                handle.GetWriteAccess(volume.Cache.Get(home));
                handle.Dirty(volume.Cache.Get(home));
            }
        }));
    }

    [Fact]
    public void MoreCreditsThanATransactionHoldsAreRefused()
    {
        RawVolume volume = RawVolume.Make(64);
        FileSystemException refusal = Assert.Throws<FileSystemException>(
            () => volume.Machine.Run(async () => await volume.Journal.StartAsync(volume.Journal.MaxCredits + 1, "too much")));
        Assert.Equal(Errno.ENOSPC, refusal.Errno);
    }

    [Fact]
    public void AFailedLogWriteStopsTheJournalAndIsRecorded()
    {
        RawVolume volume = RawVolume.Make(64);
        long home = volume.Homes.First();
        long firstRecord = volume.Geometry.OffsetBytes(1);
        volume.Disk.FaultPlan = bio => bio.Operation == BioOperation.Write && bio.OffsetBytes == firstRecord ? Errno.EIO : Errno.None;

        Assert.Equal(Errno.EIO, Assert.Throws<FileSystemException>(() => volume.Commit((home, RawVolume.Filled(9)))).Errno);
        Assert.True(volume.Journal.IsAborted);
        Assert.Equal(Errno.EROFS, Assert.Throws<FileSystemException>(() => volume.Commit((home, RawVolume.Filled(9)))).Errno);

        volume.Machine.Run(volume.Journal.CloseAsync);
        volume.Machine.Run(volume.Cache.WriteBackAsync);
        RecoveryReport report = JournalRecovery.Replay(new StorageSource(volume.Disk.Storage), volume.Geometry);
        Assert.Equal(Errno.EIO, report.RecordedError);
        Assert.Equal(0, report.TransactionsReplayed);
        Assert.NotEqual(RawVolume.Filled(9), volume.BlockOf(volume.Disk.Storage, home));
    }

    [Fact]
    public void AfterAFailedWriteOfACopyThereIsNoCommitRecord()
    {
        RawVolume volume = RawVolume.Make(64, options: new JournalOptions { Checksum = JournalChecksum.None });
        long[] homes = [.. volume.Homes.Take(4)];
        for (int i = 0; i < 6; i++)
            volume.Commit((homes[0], RawVolume.Filled(1)));
        long secondRun = volume.Geometry.OffsetBytes(21); // the transaction's descriptor is at 19, in the run before
        volume.Disk.FaultPlan = bio => bio.Operation == BioOperation.Write && bio.OffsetBytes == secondRun ? Errno.EIO : Errno.None;
        Assert.Throws<FileSystemException>(() => volume.Commit([.. homes.Select(home => (home, RawVolume.Filled(9)))]));

        Assert.Equal(2u + 6, JournalRecovery.Replay(new StorageSource(volume.Disk.Storage), volume.Geometry).Next.Sequence);
        Assert.NotEqual(RawVolume.Filled(9), volume.BlockOf(volume.Disk.Storage, homes[3]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AHomeOrAFlushThatFailsWhenTheLogNeedsSpaceStopsTheJournal(bool failsFlush)
    {
        RawVolume volume = RawVolume.Make(40);
        long[] homes = [.. volume.Homes];
        bool isCheckpoint = false;
        volume.Disk.FaultPlan = bio =>
        {
            isCheckpoint |= bio.Operation == BioOperation.Write && !volume.Geometry.Contains(bio.OffsetBytes / RawVolume.BlockSizeBytes);
            bool isHome = bio.Operation == BioOperation.Write && !volume.Geometry.Contains(bio.OffsetBytes / RawVolume.BlockSizeBytes);
            return (failsFlush ? isCheckpoint && bio.Operation == BioOperation.Flush : isHome) ? Errno.EIO : Errno.None;
        };
        FileSystemException failure = Assert.Throws<FileSystemException>(() =>
        {
            for (int i = 0; i < 40; i++)
                volume.Commit((homes[i], RawVolume.Filled((byte)(i + 1))));
        });
        Assert.True(failure.Errno is Errno.EROFS or Errno.EIO, failure.Message);
        Assert.True(volume.Journal.IsAborted);
        volume.Machine.Run(volume.Journal.CloseAsync);
        int committed = volume.Journal.CommitCount;
        JournalRecovery.Replay(new StorageSource(volume.Disk.Storage), volume.Geometry);
        Assert.True(committed > 5);
        for (int i = 0; i < committed; i++)
            Assert.Equal((byte)(i + 1), volume.BlockOf(volume.Disk.Storage, homes[i])[0]);
    }

    [Fact]
    public void WhatWasFreedIsFreeOnlyOnceNoWriteOfItIsInFlight()
    {
        RawVolume volume = RawVolume.Make(64, strategy: new LazyHomes());
        long home = volume.Homes.First();
        volume.Commit((home, RawVolume.Filled(1)));
        volume.Machine.Spawn("write-back", volume.Cache.WriteBackAsync);
        bool wasInFlight = true;
        volume.Machine.Run(async () =>
        {
            await volume.Machine.Yield("to let the write-back begin");
            ExtShell.Engine.Caching.Buffer buffer = volume.Cache.Get(home);
            Assert.True(buffer.IsInFlight);
            Handle handle = await volume.Journal.StartAsync(1, "free");
            handle.Revoke(home, 1);
            handle.OnCommitted(() => wasInFlight = buffer.IsInFlight);
            TransactionId id = handle.Transaction;
            await handle.StopAsync();
            await volume.Journal.CommitAsync(id);
        });
        Assert.False(wasInFlight);
        Assert.Null(volume.Cache.Find(home));
    }

    /// <summary>Other threads first, then the newest end: what was sent first stays in flight longest.</summary>
    private sealed class LazyHomes : IScheduleStrategy
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

    [Fact]
    public void ActionsRunOnceTheirTransactionIsDurableAndNotBefore()
    {
        RawVolume volume = RawVolume.Make(64);
        bool hasRun = false;
        volume.Machine.Run(async () =>
        {
            Handle handle = await volume.Journal.StartAsync(1, "test");
            TransactionId id = handle.Transaction;
            handle.OnCommitted(() => hasRun = true);
            handle.GetWriteAccess(volume.Cache.Get(volume.Homes.First()));
            handle.Dirty(volume.Cache.Get(volume.Homes.First()));
            Assert.True(volume.Journal.WillSendBarrier(id));
            await handle.StopAsync();
            Assert.False(hasRun);
            await volume.Journal.CommitAsync(id);
            Assert.True(volume.Journal.IsCommitted(id));
            Assert.False(volume.Journal.WillSendBarrier(id));
        });
        Assert.True(hasRun);
    }

    [Fact]
    public void ASyncHandleIsDurableWhenItStops()
    {
        RawVolume volume = RawVolume.Make(64);
        volume.Machine.Run(async () =>
        {
            Handle handle = await volume.Journal.StartAsync(1, "test");
            TransactionId id = handle.Transaction;
            handle.IsSync = true;
            await handle.StopAsync();
            Assert.True(volume.Journal.IsCommitted(id));
        });
    }

    [Fact]
    public void ARestartGoesOnInANewTransactionAndTheOldOneCommits()
    {
        RawVolume volume = RawVolume.Make(64);
        volume.Machine.Run(async () =>
        {
            Handle handle = await volume.Journal.StartAsync(volume.Journal.MaxCredits, "test");
            TransactionId first = handle.Transaction;
            Assert.False(handle.TryExtend(1));
            foreach (long home in volume.Homes.Take(volume.Journal.MaxCredits))
            {
                handle.GetWriteAccess(volume.Cache.Get(home));
                handle.Dirty(volume.Cache.Get(home));
            }

            await handle.RestartAsync(2);
            Assert.True(handle.Transaction > first);
            Assert.Equal(2, handle.CreditsLeft);
            Assert.True(handle.TryExtend(1));
            await handle.StopAsync();
            Assert.True(volume.Journal.IsCommitted(first));
        });
    }
}
