using ExtShell.Engine.IO;
using ExtShell.Lab.Durability;
using static ExtShell.Lab.Tests.Durability.LedgerBench;

namespace ExtShell.Lab.Tests.Durability;

/// <summary>Punched, zeroed, collapsed and inserted ranges: rules 16, 23 and 24.</summary>
public sealed class LedgerRangeTests
{
    [Theory]
    [InlineData(FallocateMode.PunchHole)]
    [InlineData(FallocateMode.ZeroRange)]
    public void ZeroesOfARangeStayOnceTheyAreSynced(FallocateMode mode)
    {
        LedgerBench bench = Begin("ab", out int file);
        bench.Fallocate(file, Block, Block, mode: mode);
        Assert.Empty(bench.Judge(Volume(bench, "ab")));
        Assert.Empty(bench.Judge(Volume(bench, "a0")));
        bench.Sync(file);
        Assert.Empty(bench.Judge(Volume(bench, "a0")));
        Violation violation = Assert.Single(bench.Judge(Volume(bench, "ab")));
        Assert.Equal((LedgerRules.Zeroed, (long)Block, Block), (violation.Rule, violation.OffsetBytes, violation.LengthBytes));
    }

    [Fact]
    public void APunchKeepsTheSizeAndAZeroedRangeGivesOne()
    {
        LedgerBench bench = Begin("ab", out int file);
        bench.Fallocate(file, Block, 4 * Block, mode: FallocateMode.PunchHole);
        bench.Fallocate(file, 2 * Block, Block, mode: FallocateMode.ZeroRange);
        bench.Sync(file);
        Assert.Empty(bench.Judge(new HandMadeVolume(bench.Now).WithFile("/f", 12, Content("a00"))));
        Assert.NotEmpty(bench.Judge(new HandMadeVolume(bench.Now).WithFile("/f", 12, Content("a0"))));
        Assert.NotEmpty(bench.Judge(new HandMadeVolume(bench.Now).WithFile("/f", 12, Content("a0000"))));
    }

    [Fact]
    public void APunchEndsTheReservationOfItsRangeAlone()
    {
        LedgerBench bench = Begin("a", out int file);
        bench.Fallocate(file, Block, 4 * Block);
        bench.Sync(file);
        bench.Fallocate(file, 3 * Block, Block, mode: FallocateMode.PunchHole);
        Assert.Empty(bench.Judge(new HandMadeVolume(bench.Now).WithBlocks("/f", 12, 5 * Block, [0, 1, 2, 4], Content("a0000"))));
        Violation violation = Assert.Single(
            bench.Judge(new HandMadeVolume(bench.Now).WithBlocks("/f", 12, 5 * Block, [0, 2, 3, 4], Content("a0000"))));
        Assert.Equal((LedgerRules.Reservations, (long)Block), (violation.Rule, violation.OffsetBytes));
    }

    [Theory]
    [InlineData("abcd", true, false)] // the old file
    [InlineData("acd", true, true)] // the new one
    [InlineData("abd", true, false)] // a block has moved and the other has not
    [InlineData("a0d", false, false)] // nothing was there
    [InlineData("xcd", false, false)] // what nobody wrote
    [InlineData("ab", false, false)] // a size that nobody gave
    public void ACollapseShowsOldOrNewPlacesAndNewOnesOnceSynced(string found, bool isLegalBefore, bool isLegalAfter)
    {
        LedgerBench bench = Begin("abcd", out int file);
        bench.Fallocate(file, Block, Block, mode: FallocateMode.CollapseRange);
        Assert.Equal(isLegalBefore, bench.Judge(Volume(bench, found)).Count == 0);
        bench.Sync(file);
        Assert.Equal(isLegalAfter, bench.Judge(Volume(bench, found)).Count == 0);
    }

    [Theory]
    [InlineData("abc", true, false)]
    [InlineData("a0bc", true, true)]
    [InlineData("abbc", true, false)]
    [InlineData("axbc", false, false)]
    public void AnInsertShowsOldOrNewPlacesAndNewOnesOnceSynced(string found, bool isLegalBefore, bool isLegalAfter)
    {
        LedgerBench bench = Begin("abc", out int file);
        bench.Fallocate(file, Block, Block, mode: FallocateMode.InsertRange);
        Assert.Equal(isLegalBefore, bench.Judge(Volume(bench, found)).Count == 0);
        bench.Sync(file);
        Assert.Equal(isLegalAfter, bench.Judge(Volume(bench, found)).Count == 0);
    }

    [Fact]
    public void WhatWasWrittenBeforeAndAfterAShiftIsPromisedWhereItIs()
    {
        LedgerBench bench = Begin("abcd", out int file);
        bench.Write(file, 2 * Block, Bytes('x'), SyncKind.Sync);
        bench.Fallocate(file, 0, Block, mode: FallocateMode.CollapseRange);
        bench.Write(file, 0, Bytes('y'), SyncKind.Sync);
        bench.Sync(file);
        Assert.Empty(bench.Judge(Volume(bench, "yxd")));
        Assert.NotEmpty(bench.Judge(Volume(bench, "ycd")));
        Assert.NotEmpty(bench.Judge(Volume(bench, "bxd")));
        Assert.NotEmpty(bench.Judge(Volume(bench, "yxcd")));
    }

    [Fact]
    public void AWriteBehindAShiftThatACutUndoesShowsWhereItsBlockWas()
    {
        LedgerBench bench = Begin("abc", out int file);
        bench.Fallocate(file, 0, Block, mode: FallocateMode.InsertRange);
        bench.Write(file, 2 * Block, Bytes('x'));
        Assert.Empty(bench.Judge(Volume(bench, "axc")));
        Assert.NotEmpty(bench.Judge(Volume(bench, "xbc")));
        bench.Sync(file);
        Assert.NotEmpty(bench.Judge(Volume(bench, "axc")));
    }

    [Fact]
    public void ARefusedCollapsePromisesAndExcusesNothing()
    {
        LedgerBench bench = Begin("ab", out int file);
        var call = bench.SyncCall(file) with
        {
            Kind = Engine.Volumes.OperationKind.Fallocate, FallocateMode = FallocateMode.CollapseRange, OffsetBytes = 0, LengthBytes = 1,
        };
        bench.Do(call, 0, Format.Errors.Errno.EINVAL);
        bench.Write(file, 0, Bytes('a'));
        Assert.Empty(bench.Judge(Volume(bench, "ab")));
        Assert.NotEmpty(bench.Judge(Volume(bench, "b")));
    }

    [Fact]
    public void AnAppendIsPromisedWhereItWasPlaced()
    {
        LedgerBench bench = Begin("ab", out int file);
        int call = bench.Call(bench.WriteCall(file, 0, Bytes('x'), SyncKind.Sync) with { IsAppend = true });
        Assert.NotEmpty(bench.Judge(Volume(bench, "abx"))); // before it has its place it changes nothing
        bench.History.OnPlaced(call, 2 * Block);
        Assert.Empty(bench.Judge(Volume(bench, "abx")));
        bench.End(call, Block);
        Assert.Empty(bench.Judge(Volume(bench, "abx")));
        Assert.NotEmpty(bench.Judge(Volume(bench, "xb")));
        Assert.NotEmpty(bench.Judge(Volume(bench, "ab")));
    }

    [Fact]
    public void AShortCountPromisesWhatItCountsAndARefusalNothing()
    {
        LedgerBench bench = Begin("ab", out int file);
        bench.Do(bench.WriteCall(file, 0, Bytes('x', 2 * Block), SyncKind.Sync), Block);
        Assert.Empty(bench.Judge(Volume(bench, "xb")));
        Assert.Empty(bench.Judge(Volume(bench, "xx")));
        Assert.NotEmpty(bench.Judge(Volume(bench, "ab")));
        bench.Do(bench.WriteCall(file, 0, Bytes('y'), SyncKind.Sync) with { IsNoWait = true }, 0, Format.Errors.Errno.EAGAIN);
        Assert.Empty(bench.Judge(Volume(bench, "xb")));
    }

    private static LedgerBench Begin(string content, out int file)
    {
        var bench = new LedgerBench(WithFile("/f", 12, Content(content)));
        file = bench.Open("/f", 12);
        return bench;
    }

    private static HandMadeVolume Volume(LedgerBench bench, string content) =>
        new HandMadeVolume(bench.Now).WithFile("/f", 12, Content(content));

    /// <summary>A block for each letter; 0 stands for zeroes.</summary>
    private static byte[] Content(string letters) => Concat([.. letters.Select(letter => Bytes(letter == '0' ? '\0' : letter))]);
}
