using ExtShell.Engine.Caching;
using ExtShell.Engine.Devices;
using ExtShell.Engine.Journal;
using ExtShell.Engine.Kernel;
using ExtShell.Format.Errors;
using Buffer = ExtShell.Engine.Caching.Buffer;

namespace ExtShell.Engine.Tests.Journal;

/// <summary>The twin is called as the journal is; it promises less.</summary>
public sealed class NoJournalTests
{
    private readonly Machine _machine = new();
    private readonly SimulatedDisk _disk;
    private readonly BufferCache _cache;
    private readonly NoJournal _journal;

    public NoJournalTests()
    {
        _disk = new SimulatedDisk(_machine, new PagedMemory(64 * 4096), new DeviceTraits(HasVolatileCache: true));
        _cache = new BufferCache(_machine, _disk, 4096);
        _journal = new NoJournal(_cache);
    }

    [Fact]
    public void ACommitWritesHomeAndFlushes()
    {
        TransactionId id = Change(5, 7);
        Assert.True(_journal.WillSendBarrier(id));
        WriteLog log = _disk.StartLog();
        _machine.Run(() => _journal.CommitAsync(id));
        Assert.Equal([BioOperation.Write, BioOperation.Flush], log.Bios.Select(bio => bio.Operation));
        Assert.Equal(7, _disk.Storage.Read(5 * 4096, 1)[0]);
        Assert.True(_journal.IsCommitted(id));
        Assert.False(_journal.IsCommitted(_journal.RunningTransaction));
        _machine.Run(() => _journal.CommitAsync(id));
        Assert.Equal(2, log.Bios.Count);
    }

    [Fact]
    public void WhatIsFreedIsForgottenAndMayBeUsedAtOnce()
    {
        Change(5, 7);
        bool hasRun = false;
        _machine.Run(async () =>
        {
            Handle handle = await _journal.StartAsync(1, "free");
            handle.Revoke(5, 1);
            handle.OnCommitted(() => hasRun = true);
            Assert.False(hasRun);
            await handle.StopAsync();
        });
        Assert.True(hasRun);
        _machine.Run(_journal.FlushAsync);
        Assert.Equal(0, _disk.Storage.Read(5 * 4096, 1)[0]);
    }

    [Fact]
    public void ANewBlockIsZeroesAndAHandleNests()
    {
        _machine.Run(async () =>
        {
            Handle handle = await _journal.StartAsync(1, "outer");
            Assert.Same(handle, await _journal.StartAsync(1, "inner"));
            Buffer buffer = _cache.GetNew(6);
            handle.GetCreateAccess(buffer)[0] = 1;
            handle.Dirty(buffer);
            Assert.Equal(0, handle.GetCreateAccess(buffer)[0]);
            await handle.StopAsync();
            Assert.NotNull(_journal.CurrentHandle);
            await handle.StopAsync();
            Assert.Null(_journal.CurrentHandle);
        });
    }

    [Fact]
    public void AfterAnAbortNothingStarts()
    {
        _journal.Abort(Errno.EIO);
        Assert.Equal(Errno.EROFS, Assert.Throws<FileSystemException>(() => Change(5, 1)).Errno);
        _machine.Run(_journal.CloseAsync);
    }

    private TransactionId Change(long block, byte value) => _machine.Run(async () =>
    {
        Handle handle = await _journal.StartAsync(1, "change");
        handle.GetWriteAccess(_cache.Get(block)).Fill(value);
        handle.Dirty(_cache.Get(block));
        TransactionId id = handle.Transaction;
        await handle.StopAsync();
        return id;
    });
}
