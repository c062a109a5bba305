using ExtShell.Engine.IO;
using ExtShell.Engine.Volumes;
using ExtShell.Format.Errors;
using ExtShell.Lab.Crash;
using ExtShell.Lab.Durability;
using static ExtShell.Lab.Tests.Durability.LedgerBench;

namespace ExtShell.Lab.Tests.Durability;

public sealed class LedgerSizeTests
{
    [Theory]
    [InlineData(SyncKind.Sync)]
    [InlineData(SyncKind.DataSync)]
    public void AnAcknowledgedSynchronousAppendKeepsItsSize(SyncKind sync)
    {
        var bench = new LedgerBench(WithFile("/f", 12, Bytes('a')));
        int file = bench.Open("/f", 12);
        int call = bench.Write(file, Block, Bytes('b'), sync);
        Violation violation = Assert.Single(bench.Judge(new HandMadeVolume(bench.Now).WithFile("/f", 12, Bytes('a'))));
        Assert.Equal((ViolationKind.LostSize, LedgerRules.SizeReachesData, call), (violation.Kind, violation.Rule, violation.PromisedBy));
        Assert.Empty(bench.Judge(new HandMadeVolume(bench.Now - 1).WithFile("/f", 12, Bytes('a'))));
        Assert.Empty(bench.Judge(new HandMadeVolume(bench.Now).WithFile("/f", 12, Concat(Bytes('a'), Bytes('b')))));
    }

    [Fact]
    public void AnAppendThatWasNotSyncedMayBeLostWhole()
    {
        var bench = new LedgerBench(WithFile("/f", 12, Bytes('a')));
        int file = bench.Open("/f", 12);
        bench.Write(file, Block, Bytes('b'));
        Assert.Empty(bench.Judge(new HandMadeVolume(bench.Now).WithFile("/f", 12, Bytes('a'))));
    }

    [Fact]
    public void FdatasyncCoversTheSize()
    {
        var bench = new LedgerBench(WithFile("/f", 12, Bytes('a')));
        int file = bench.Open("/f", 12);
        bench.Write(file, Block, Bytes('b'));
        bench.Sync(file, dataOnly: true);
        Assert.Equal(ViolationKind.LostSize, Assert.Single(bench.Judge(new HandMadeVolume(bench.Now).WithFile("/f", 12, Bytes('a')))).Kind);
    }

    [Theory]
    [InlineData(2 * Block, true)]
    [InlineData((2 * Block) - 512, true)]
    [InlineData((2 * Block) + 1, false)]
    [InlineData(Block - 1, false)]
    public void ASizeLiesWhereACallPutIt(int size, bool isLegal)
    {
        var bench = new LedgerBench(WithFile("/f", 12, Bytes('a')));
        int file = bench.Open("/f", 12);
        bench.Write(file, Block, Bytes('b'));
        List<Violation> violations = bench.Judge(
            new HandMadeVolume(bench.Now).WithFile("/f", 12, Concat(Bytes('a'), Bytes('b'), Bytes('\0')), size: size));
        Assert.Equal(isLegal, violations.Count == 0);
        Assert.All(violations, violation => Assert.Equal(ViolationKind.WrongSize, violation.Kind));
    }

    [Fact]
    public void TheGapBeforeAWritePastTheEndIsNoSize()
    {
        var bench = new LedgerBench(WithFile("/f", 12, Bytes('a')));
        int file = bench.Open("/f", 12);
        bench.Write(file, 2 * Block, Bytes('b'));
        Assert.Equal(ViolationKind.WrongSize,
            Assert.Single(bench.Judge(new HandMadeVolume(bench.Now).WithBlocks("/f", 12, Block + 512, [0], Bytes('a')))).Kind);
    }

    [Fact]
    public void PagesBeforeABufferedWriteMayBeTheEndForAWhile()
    {
        var bench = new LedgerBench(WithFile("/f", 12, Bytes('a', 512)));
        int file = bench.Open("/f", 12);
        bench.Write(file, 3 * Block, Bytes('b'), kind: OperationKind.WriteBuffered);
        Assert.Empty(bench.Judge(new HandMadeVolume(bench.Now).WithBlocks("/f", 12, Block, [0], Bytes('a', 512))));
        bench.Sync(file);
        Assert.NotEmpty(bench.Judge(new HandMadeVolume(bench.Now).WithBlocks("/f", 12, Block, [0], Bytes('a', 512))));
    }

    [Fact]
    public void ADurableTruncateStays()
    {
        var bench = new LedgerBench(WithFile("/f", 12, Bytes('a', 2 * Block)));
        int file = bench.Open("/f", 12);
        bench.Truncate(file, 0);
        Assert.Empty(bench.Judge(new HandMadeVolume(bench.Now).WithFile("/f", 12, Bytes('a', 2 * Block))));
        bench.Sync(file);
        List<Violation> violations = bench.Judge(new HandMadeVolume(bench.Now).WithFile("/f", 12, Bytes('a', 2 * Block)));
        Assert.Contains(violations,
            violation => violation.Kind == ViolationKind.LostSize && violation.Promise.Contains("truncate", StringComparison.Ordinal));
        Assert.Empty(bench.Judge(new HandMadeVolume(bench.Now).WithFile("/f", 12, [])));
    }

    [Fact]
    public void ADurableAppendCarriesTheTruncateBeforeIt()
    {
        var bench = new LedgerBench(WithFile("/f", 12, Bytes('a', 4 * Block)));
        int file = bench.Open("/f", 12);
        bench.Truncate(file, Block);
        bench.Write(file, Block, Bytes('b'), SyncKind.DataSync);
        Assert.NotEmpty(
            bench.Judge(new HandMadeVolume(bench.Now).WithFile("/f", 12, Concat(Bytes('a'), Bytes('b'), Bytes('a', 2 * Block)))));
        Assert.Empty(bench.Judge(new HandMadeVolume(bench.Now).WithFile("/f", 12, Concat(Bytes('a'), Bytes('b')))));
    }

    [Fact]
    public void ATruncateInProgressMayHaveHappenedOrNot()
    {
        var bench = new LedgerBench(WithFile("/f", 12, Bytes('a', 2 * Block)));
        int file = bench.Open("/f", 12);
        bench.Call(new OperationCall { Kind = OperationKind.Truncate, Handle = file, Inode = 12, Path = "/f", LengthBytes = Block });
        bench.Work();
        Assert.Empty(bench.Judge(new HandMadeVolume(bench.Now).WithFile("/f", 12, Bytes('a'))));
        Assert.Empty(bench.Judge(new HandMadeVolume(bench.Now).WithFile("/f", 12, Bytes('a', 2 * Block))));
        Assert.NotEmpty(bench.Judge(new HandMadeVolume(bench.Now).WithFile("/f", 12, Bytes('a', 512))));
    }

    [Theory]
    [InlineData(JournalMode.Ordered, true)]
    [InlineData(JournalMode.Journal, true)]
    [InlineData(JournalMode.Writeback, false)]
    public void ANewSizeShowsTheAppendedBytes(JournalMode journal, bool isPromised)
    {
        var bench = new LedgerBench(WithFile("/f", 12, Bytes('a')), journal);
        int file = bench.Open("/f", 12);
        int call = bench.Write(file, Block, Bytes('b'));
        List<Violation> violations = bench.Judge(new HandMadeVolume(bench.Now).WithBlocks("/f", 12, 2 * Block, [0], Bytes('a', 2 * Block)));
        if (isPromised)
        {
            Violation violation = Assert.Single(violations);
            Assert.Equal((ViolationKind.SizeBeforeData, LedgerRules.SizeAfterData, call, (long)Block),
                (violation.Kind, violation.Rule, violation.PromisedBy, violation.OffsetBytes));
        }
        else
        {
            Assert.Empty(violations);
        }
    }

    [Fact]
    public void ANewSizeOfABufferedAppendMayShowZeroes()
    {
        var bench = new LedgerBench(WithFile("/f", 12, Bytes('a')));
        int file = bench.Open("/f", 12);
        bench.Write(file, Block, Bytes('b'), kind: OperationKind.WriteBuffered);
        Assert.Empty(bench.Judge(new HandMadeVolume(bench.Now).WithBlocks("/f", 12, 2 * Block, [0], Bytes('a', 2 * Block))));
    }

    [Fact]
    public void AFailedAppendLeavesNoSizeBehindOnceSynced()
    {
        var bench = new LedgerBench(WithFile("/f", 12, Bytes('a')));
        int file = bench.Open("/f", 12);
        bench.Do(bench.WriteCall(file, Block, Bytes('b')), 0, Errno.EIO);
        HandMadeVolume Grown() => new HandMadeVolume(bench.Now).WithFile("/f", 12, Concat(Bytes('a'), Bytes('b')));
        Assert.Empty(bench.Judge(Grown()));
        bench.Sync(file);
        Assert.Equal(ViolationKind.WrongSize, Assert.Single(bench.Judge(Grown())).Kind);
    }

    [Fact]
    public void FallocateGrowsTheFileUnlessItKeepsTheSize()
    {
        var bench = new LedgerBench();
        int file = bench.Create("/f", 12);
        bench.Fallocate(file, 0, 2 * Block, keepSize: true);
        Assert.Equal(
            ViolationKind.WrongSize, Assert.Single(bench.Judge(new HandMadeVolume(bench.Now).WithUnwritten("/f", 12, 2 * Block, 2))).Kind);
        bench.Fallocate(file, 0, 2 * Block);
        Assert.Empty(bench.Judge(new HandMadeVolume(bench.Now).WithUnwritten("/f", 12, 2 * Block, 2)));
    }

    [Fact]
    public void ReservedBlocksStayOnceSynced()
    {
        var bench = new LedgerBench();
        int file = bench.Create("/f", 12);
        int call = bench.Fallocate(file, 0, 4 * Block, keepSize: true);
        HandMadeVolume Short() => new HandMadeVolume(bench.Now).WithUnwritten("/f", 12, 0, 3);
        Assert.Empty(bench.Judge(Short()));
        bench.Sync(file);
        Violation violation = Assert.Single(bench.Judge(Short()));
        Assert.Equal((ViolationKind.LostAllocation, LedgerRules.Reservations, 3L * Block, call),
            (violation.Kind, violation.Rule, violation.OffsetBytes, violation.PromisedBy));
        Assert.Empty(bench.Judge(new HandMadeVolume(bench.Now).WithUnwritten("/f", 12, 0, 4)));

        bench.Truncate(file, 0);
        Assert.Empty(bench.Judge(Short()));
    }

    [Fact]
    public void ReservedBlocksPastTheEndAreNotPromisedWhileAWriteExtendsTheFile()
    {
        var bench = new LedgerBench();
        int file = bench.Create("/f", 12);
        bench.Fallocate(file, 0, 4 * Block, keepSize: true);
        bench.Sync(file);
        int before = bench.Now;
        bench.Write(file, 0, Bytes('b'));
        Assert.Empty(bench.Judge(new HandMadeVolume(new CutRange(before, bench.Now)).WithUnwritten("/f", 12, 0, 0)));
        bench.Sync(file);
        Assert.Contains(bench.Judge(new HandMadeVolume(bench.Now).WithFile("/f", 12, Bytes('b'))),
            violation => violation.Kind == ViolationKind.LostAllocation);
    }

    [Fact]
    public void AWriteThatFailsToExtendTheFileTakesWhatWasReservedBefore_AndNotWhatIsReservedAfter()
    {
        var bench = new LedgerBench();
        int file = bench.Create("/f", 12);
        bench.Fallocate(file, 0, 4 * Block, keepSize: true);
        bench.Sync(file);
        HandMadeVolume Empty() => new HandMadeVolume(bench.Now).WithUnwritten("/f", 12, 0, 0);
        bench.Do(bench.WriteCall(file, 0, Bytes('b')), 0, Errno.EIO);
        bench.Sync(file);
        Assert.Empty(bench.Judge(Empty()));
        int again = bench.Fallocate(file, 0, 4 * Block, keepSize: true);
        bench.Sync(file);
        Violation violation = Assert.Single(bench.Judge(Empty()));
        Assert.Equal((ViolationKind.LostAllocation, again), (violation.Kind, violation.PromisedBy));
    }
}
