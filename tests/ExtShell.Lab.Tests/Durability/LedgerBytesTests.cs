using System.Globalization;
using ExtShell.Engine.Devices;
using ExtShell.Engine.IO;
using ExtShell.Engine.Volumes;
using ExtShell.Engine.Volumes.Making;
using ExtShell.Format.Errors;
using ExtShell.Lab.Crash;
using ExtShell.Lab.Durability;
using static ExtShell.Lab.Tests.Durability.LedgerBench;

namespace ExtShell.Lab.Tests.Durability;

public sealed class LedgerBytesTests
{
    [Theory]
    [InlineData(SyncKind.Sync, true)]
    [InlineData(SyncKind.DataSync, true)]
    [InlineData(SyncKind.None, false)]
    public void AcknowledgedSynchronousOverwriteMayNotBeOlder(SyncKind sync, bool isPromised)
    {
        var bench = new LedgerBench(WithFile("/f", 12, Bytes('a')));
        int file = bench.Open("/f", 12);
        int call = bench.Write(file, 0, Bytes('b'), sync);

        List<Violation> older = bench.Judge(new HandMadeVolume(bench.Now).WithFile("/f", 12, Bytes('a')));
        if (isPromised)
        {
            Violation violation = Assert.Single(older);
            Assert.Equal((ViolationKind.LostData, LedgerRules.SynchronousWrite), (violation.Kind, violation.Rule));
            Assert.Equal((0L, Block, call), (violation.OffsetBytes, violation.LengthBytes, violation.PromisedBy));
            Assert.Equal(ContentKind.OlderVersion, violation.FoundKind);
        }
        else
        {
            Assert.Empty(older);
        }

        Assert.Empty(bench.Judge(new HandMadeVolume(bench.Now).WithFile("/f", 12, Bytes('b'))));
    }

    [Fact]
    public void BeforeTheAcknowledgementEitherVersionIsLegal()
    {
        var bench = new LedgerBench(WithFile("/f", 12, Bytes('a')));
        int file = bench.Open("/f", 12);
        int before = bench.Now;
        bench.Write(file, 0, Bytes('b'), SyncKind.Sync);

        Assert.Empty(bench.Judge(new HandMadeVolume(bench.Now - 1).WithFile("/f", 12, Bytes('a'))));
        Assert.Empty(bench.Judge(new HandMadeVolume(before + 1).WithFile("/f", 12, Bytes('b'))));
        Violation violation = Assert.Single(
            bench.Judge(new HandMadeVolume(new CutRange(before, bench.Now + 3)).WithFile("/f", 12, Bytes('a'))));
        Assert.Equal(new CutRange(bench.Now, bench.Now + 3), violation.Cuts);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void SyncPromisesWhatWasAcknowledgedBeforeItsCall(bool dataOnly)
    {
        var bench = new LedgerBench(WithFile("/f", 12, Bytes('a', 2 * Block)));
        int file = bench.Open("/f", 12);
        bench.Write(file, 0, Bytes('b'), kind: OperationKind.WriteBuffered);
        int inFlight = bench.Call(bench.WriteCall(file, Block, Bytes('c'), SyncKind.None, OperationKind.StartDirect));
        int sync = bench.Call(bench.SyncCall(file, dataOnly));
        bench.Work();
        bench.End(inFlight, Block);
        bench.End(sync);

        Assert.Empty(bench.Judge(new HandMadeVolume(bench.Now).WithFile("/f", 12, Concat(Bytes('b'), Bytes('a')))));
        Violation violation = Assert.Single(bench.Judge(new HandMadeVolume(bench.Now).WithFile("/f", 12, Concat(Bytes('a'), Bytes('c')))));
        Assert.Equal((ViolationKind.LostData, LedgerRules.Sync, 0L), (violation.Kind, violation.Rule, violation.OffsetBytes));
    }

    [Fact]
    public void SyncOfTheVolumePromisesEveryFile()
    {
        var bench = new LedgerBench(WithFile("/f", 12, Bytes('a')));
        int file = bench.Open("/f", 12);
        bench.Write(file, 0, Bytes('b'));
        bench.SyncVolume();
        Assert.Equal(ViolationKind.LostData, Assert.Single(bench.Judge(new HandMadeVolume(bench.Now).WithFile("/f", 12, Bytes('a')))).Kind);
    }

    [Fact]
    public void WritesThatNobodyOrderedStayUnordered()
    {
        var bench = new LedgerBench(WithFile("/f", 12, Bytes('a')));
        int file = bench.Open("/f", 12);
        int first = bench.Call(bench.WriteCall(file, 0, Bytes('b'), SyncKind.DataSync, OperationKind.StartDirect));
        int second = bench.Call(bench.WriteCall(file, 0, Bytes('c'), SyncKind.DataSync, OperationKind.StartDirect));
        bench.Work();
        bench.End(first, Block);
        bench.End(second, Block);

        Assert.Empty(bench.Judge(new HandMadeVolume(bench.Now).WithFile("/f", 12, Bytes('b'))));
        Assert.Empty(bench.Judge(new HandMadeVolume(bench.Now).WithFile("/f", 12, Bytes('c'))));
        Assert.NotEmpty(bench.Judge(new HandMadeVolume(bench.Now).WithFile("/f", 12, Bytes('a'))));
    }

    [Fact]
    public void OrderedWritesLeaveNoChoice()
    {
        var bench = new LedgerBench(WithFile("/f", 12, Bytes('a')));
        int file = bench.Open("/f", 12);
        bench.Write(file, 0, Bytes('b'), SyncKind.DataSync);
        bench.Write(file, 0, Bytes('c'), SyncKind.DataSync);
        Assert.NotEmpty(bench.Judge(new HandMadeVolume(bench.Now).WithFile("/f", 12, Bytes('b'))));
    }

    [Fact]
    public void UnitsOf512BytesMayMixVersionsAndSmallerOnesMayNot()
    {
        var bench = new LedgerBench(WithFile("/f", 12, Bytes('a')));
        int file = bench.Open("/f", 12);
        bench.Write(file, 0, Bytes('b'));

        byte[] torn = Concat(Bytes('a', 512), Bytes('b', Block - 512));
        Assert.Empty(bench.Judge(new HandMadeVolume(bench.Now).WithFile("/f", 12, torn)));
        byte[] shredded = Concat(Bytes('a', 100), Bytes('b', Block - 100));
        Violation violation = Assert.Single(bench.Judge(new HandMadeVolume(bench.Now).WithFile("/f", 12, shredded)));
        Assert.Equal((0L, 512), (violation.OffsetBytes, violation.LengthBytes));
    }

    [Fact]
    public void StaleFillIsExposedAtEveryCutAndNamed()
    {
        var bench = new LedgerBench();
        int file = bench.Create("/f", 12);
        bench.Write(file, 0, Bytes('b'));
        var fill = new byte[Block];
        StaleContent.Fill(123, fill);

        Violation violation = Assert.Single(bench.Judge(new HandMadeVolume(bench.Now).WithFile("/f", 12, fill)));
        Assert.Equal((ViolationKind.StaleExposed, ContentKind.Fill, Block), (violation.Kind, violation.FoundKind, violation.LengthBytes));
        Assert.Contains("123", violation.Found, StringComparison.Ordinal);
    }

    [Fact]
    public void AnotherFilesBytesAreToldFromADeletedFiles()
    {
        var bench = new LedgerBench();
        int victim = bench.Create("/f", 12);
        int other = bench.Create("/other", 13);
        int written = bench.Write(other, 0, Bytes('x'));
        bench.Write(victim, 0, Bytes('b'));
        HandMadeVolume Exposed(HandMadeVolume volume) =>
            volume.WithFile("/f", 12, Bytes('b')).OrBlock("/f", 0, Bytes('x'), new Provenance(ProvenanceKind.Data, 13, 0, written));

        Violation live = Assert.Single(bench.Judge(Exposed(new HandMadeVolume(bench.Now)).WithFile("/other", 13, Bytes('x'))));
        Assert.Equal((ViolationKind.StaleExposed, ContentKind.OtherFile), (live.Kind, live.FoundKind));
        Assert.Equal(new CellChoice(7, 1), live.Witness);

        bench.Unlink("/other");
        Violation deleted = Assert.Single(bench.Judge(Exposed(new HandMadeVolume(bench.Now))));
        Assert.Equal(ContentKind.DeletedFile, deleted.FoundKind);
        Assert.Contains("/other", deleted.Found, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ProvenanceKind.Journal, ContentKind.Journal)]
    [InlineData(ProvenanceKind.Metadata, ContentKind.Metadata)]
    public void MetadataInAFileIsExposure(ProvenanceKind origin, ContentKind expected)
    {
        var bench = new LedgerBench(WithFile("/f", 12, Bytes('a')));
        bench.Open("/f", 12);
        bench.Write(1, 0, Bytes('b'));
        Violation violation = Assert.Single(bench.Judge(
            new HandMadeVolume(bench.Now).WithFile("/f", 12, Bytes('b')).OrBlock("/f", 0, Bytes('j'), new Provenance(origin))));
        Assert.Equal((ViolationKind.StaleExposed, expected), (violation.Kind, violation.FoundKind));
    }

    [Fact]
    public void AVersionThatIsPossibleLaterIsJudgedAtLaterCutsOnly()
    {
        var bench = new LedgerBench(WithFile("/f", 12, Bytes('a')));
        bench.Open("/f", 12);
        int before = bench.Now;
        bench.Write(1, 0, Bytes('b'), SyncKind.Sync);
        var cuts = new CutRange(before, bench.Now);
        HandMadeVolume volume = new HandMadeVolume(cuts).WithFile("/f", 12, Bytes('b')).OrBlock("/f", 0, Bytes('a'), default, bench.Now);
        Assert.Equal(new CutRange(bench.Now, bench.Now), bench.Judge(volume).Find(violation => violation.Witness is not null)!.Cuts);
    }

    [Fact]
    public void HolesAndUnwrittenBlocksHoldZeroesUntilDataIsPromised()
    {
        var bench = new LedgerBench();
        int file = bench.Create("/f", 12);
        bench.Fallocate(file, 0, 2 * Block);
        Assert.Empty(bench.Judge(new HandMadeVolume(bench.Now).WithUnwritten("/f", 12, 2 * Block, 2)));
        bench.Write(file, 0, Bytes('b'));
        Assert.Empty(bench.Judge(new HandMadeVolume(bench.Now).WithUnwritten("/f", 12, 2 * Block, 2)));
        bench.Sync(file);
        Violation violation = Assert.Single(bench.Judge(new HandMadeVolume(bench.Now).WithUnwritten("/f", 12, 2 * Block, 2)));
        Assert.Equal((ViolationKind.LostData, ContentKind.Zeroes, 0L, Block), (violation.Kind, violation.FoundKind, violation.OffsetBytes,
            violation.LengthBytes));
        Assert.Contains("unwritten", violation.Found, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatTheFileHeldBeforeMayNotTurnToZeroes()
    {
        var bench = new LedgerBench(WithFile("/f", 12, Bytes('a', 2 * Block)));
        int file = bench.Open("/f", 12);
        bench.Write(file, 0, Bytes('b'));
        Violation violation = Assert.Single(
            bench.Judge(new HandMadeVolume(bench.Now).WithBlocks("/f", 12, 2 * Block, [0], Bytes('b', 2 * Block))));
        Assert.Equal(
            (ViolationKind.LostData, (long)Block, ContentKind.Zeroes), (violation.Kind, violation.OffsetBytes, violation.FoundKind));
    }

    [Fact]
    public void TruncatedBytesDoNotComeBackWhenTheFileGrowsAgain()
    {
        var bench = new LedgerBench(WithFile("/f", 12, Bytes('a', 2 * Block)));
        int file = bench.Open("/f", 12);
        bench.Truncate(file, Block);
        bench.Truncate(file, 2 * Block);
        Assert.Empty(bench.Judge(new HandMadeVolume(bench.Now).WithFile("/f", 12, Bytes('a', 2 * Block))));
        bench.Sync(file);
        Violation violation = Assert.Single(bench.Judge(new HandMadeVolume(bench.Now).WithFile("/f", 12, Bytes('a', 2 * Block))));
        Assert.Equal((ViolationKind.LostData, LedgerRules.Truncate, (long)Block), (violation.Kind, violation.Rule, violation.OffsetBytes));
        Assert.Empty(bench.Judge(new HandMadeVolume(bench.Now).WithBlocks("/f", 12, 2 * Block, [0], Bytes('a', 2 * Block))));
    }

    [Fact]
    public void AFailedWriteMayHaveChangedItsRangeAndHarmsNothingElse()
    {
        var bench = new LedgerBench(WithFile("/f", 12, Bytes('a', 2 * Block)));
        int file = bench.Open("/f", 12);
        bench.Do(bench.WriteCall(file, 0, Bytes('b'), SyncKind.Sync), 0, Errno.EIO);
        byte[] old = Bytes('a', 2 * Block);
        Assert.Empty(bench.Judge(new HandMadeVolume(bench.Now).WithFile("/f", 12, old)));
        Assert.Empty(bench.Judge(new HandMadeVolume(bench.Now).WithFile("/f", 12, Concat(Bytes('b'), Bytes('a')))));
        Assert.NotEmpty(bench.Judge(new HandMadeVolume(bench.Now).WithBlocks("/f", 12, 2 * Block, [1], old)));
    }

    [Fact]
    public void AShortWritePromisesWhatItCounted()
    {
        var bench = new LedgerBench(WithFile("/f", 12, Bytes('a', 2 * Block)));
        int file = bench.Open("/f", 12);
        bench.Do(bench.WriteCall(file, 0, Bytes('b', 2 * Block), SyncKind.Sync), Block);
        Assert.Empty(bench.Judge(new HandMadeVolume(bench.Now).WithFile("/f", 12, Concat(Bytes('b'), Bytes('a')))));
        Assert.Equal(
            0, Assert.Single(bench.Judge(new HandMadeVolume(bench.Now).WithFile("/f", 12, Concat(Bytes('a'), Bytes('b'))))).OffsetBytes);
    }

    [Theory]
    [InlineData(Errno.None, true)]
    [InlineData(Errno.EIO, false)]
    public void WhatWasWrittenBeforeAFailedSyncIsNotPromisedByTheNext(Errno first, bool isPromised)
    {
        var bench = new LedgerBench(WithFile("/f", 12, Bytes('a')));
        int file = bench.Open("/f", 12);
        bench.Write(file, 0, Bytes('b'), kind: OperationKind.WriteBuffered);
        bench.Sync(file, error: first);
        bench.Sync(file);
        Assert.Equal(isPromised, bench.Judge(new HandMadeVolume(bench.Now).WithFile("/f", 12, Bytes('a'))).Count > 0);
    }

    [Fact]
    public void ASynchronousWritePromisesItsOwnBytesOnly()
    {
        var bench = new LedgerBench(WithFile("/f", 12, Bytes('a', 2 * Block)));
        int file = bench.Open("/f", 12);
        bench.Write(file, 0, Bytes('b'), kind: OperationKind.WriteBuffered);
        bench.Write(file, Block, Bytes('c'), SyncKind.Sync);
        Assert.Empty(bench.Judge(new HandMadeVolume(bench.Now).WithFile("/f", 12, Concat(Bytes('a'), Bytes('c')))));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ABufferedWriteBesideADirectOneTakesThePromiseFromItsPageOnly(bool isBeside)
    {
        var bench = new LedgerBench(WithFile("/f", 12, Bytes('a', 2 * Block)));
        int file = bench.Open("/f", 12);
        int direct = bench.Call(bench.WriteCall(file, 0, Bytes('b', 2 * Block), SyncKind.Sync, OperationKind.StartDirect));
        if (!isBeside)
            bench.End(direct, 2 * Block);
        bench.Write(file, 100, Bytes('c', 100), kind: OperationKind.WriteBuffered);
        if (isBeside)
            bench.End(direct, 2 * Block);

        List<Violation> violations = bench.Judge(new HandMadeVolume(bench.Now).WithFile("/f", 12, Concat(Bytes('a'), Bytes('b'))));
        Assert.Equal(isBeside, violations.Count == 0);
        Assert.NotEmpty(bench.Judge(new HandMadeVolume(bench.Now).WithFile("/f", 12, Concat(Bytes('b'), Bytes('a')))));
    }

    [Fact]
    public void BytesOfAnotherPlaceOfTheSameFileAreExposure()
    {
        var bench = new LedgerBench(WithFile("/f", 12, Bytes('a', 2 * Block)));
        int file = bench.Open("/f", 12);
        int call = bench.Write(file, Block, Bytes('c'));
        Violation violation = Assert.Single(bench.Judge(new HandMadeVolume(bench.Now).WithFile("/f", 12, Bytes('c', 2 * Block))));
        Assert.Equal(
            (ViolationKind.StaleExposed, ContentKind.SameFileElsewhere, 0L), (violation.Kind, violation.FoundKind, violation.OffsetBytes));
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"call {call}"), violation.Found, StringComparison.Ordinal);
    }
}
