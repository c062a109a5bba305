using ExtShell.Check;
using ExtShell.Engine.IO;
using ExtShell.Engine.Volumes;
using ExtShell.Lab.Durability;
using static ExtShell.Lab.Tests.Durability.LedgerBench;

namespace ExtShell.Lab.Tests.Durability;

public sealed class LedgerNameTests
{
    [Theory]
    [InlineData(JournalMode.Ordered, false, true)]
    [InlineData(JournalMode.Ordered, true, true)]
    [InlineData(JournalMode.None, false, false)]
    public void SyncOfANewFileKeepsItsNameWhereThereIsAJournal(JournalMode journal, bool dataOnly, bool isPromised)
    {
        var bench = new LedgerBench(journal: journal);
        int file = bench.Create("/f", 12);
        Assert.Empty(bench.Judge(new HandMadeVolume(bench.Now)));
        int sync = bench.Sync(file, dataOnly);
        List<Violation> violations = bench.Judge(new HandMadeVolume(bench.Now));
        Assert.Equal(isPromised, violations.Count == 1);
        Assert.All(violations, violation => Assert.Equal(
            (ViolationKind.LostName, LedgerRules.NamesAfterFileSync, sync), (violation.Kind, violation.Rule, violation.PromisedBy)));
        Assert.Empty(bench.Judge(new HandMadeVolume(bench.Now).WithFile("/f", 12, [])));
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public void SyncOfTheFileKeepsALinkAndFdatasyncDoesNot(bool dataOnly, bool isPromised)
    {
        var bench = new LedgerBench(WithFile("/f", 12, []));
        int file = bench.Open("/f", 12);
        bench.Link("/f", "/g");
        bench.Sync(file, dataOnly);
        List<Violation> violations = bench.Judge(new HandMadeVolume(bench.Now).WithFile("/f", 12, []));
        Assert.Equal(isPromised, violations.Exists(violation => violation.Kind == ViolationKind.LostName));
    }

    [Theory]
    [InlineData(SyncKind.Sync, true)]
    [InlineData(SyncKind.DataSync, true)]
    [InlineData(SyncKind.None, false)]
    public void ASynchronousWriteToANewFileKeepsItsName(SyncKind sync, bool isPromised)
    {
        var bench = new LedgerBench();
        int file = bench.Create("/f", 12);
        bench.Write(file, 0, Bytes('a'), sync);
        Assert.Equal(isPromised, bench.Judge(new HandMadeVolume(bench.Now)).Exists(violation => violation.Kind == ViolationKind.LostName));
    }

    [Fact]
    public void SyncOfTheDirectoryKeepsItsNames()
    {
        var bench = new LedgerBench(journal: JournalMode.None);
        bench.Create("/f", 12);
        int root = bench.Open("/", 2);
        bench.Sync(root);
        Violation violation = Assert.Single(bench.Judge(new HandMadeVolume(bench.Now)));
        Assert.Equal((ViolationKind.LostName, LedgerRules.NamesAfterSync), (violation.Kind, violation.Rule));
    }

    [Fact]
    public void SyncOfAnotherDirectoryDoesNot()
    {
        var bench = new LedgerBench(journal: JournalMode.None);
        bench.Mkdir("/d");
        bench.SyncVolume();
        bench.Create("/f", 12);
        int directory = bench.Open("/d", 13);
        bench.Sync(directory);
        Assert.Empty(bench.Judge(new HandMadeVolume(bench.Now).WithDirectory("/d", 13)));
    }

    [Fact]
    public void ADurableUnlinkStays()
    {
        var bench = new LedgerBench(WithFile("/f", 12, Bytes('a')));
        bench.Unlink("/f");
        HandMadeVolume Back() => new HandMadeVolume(bench.Now).WithFile("/f", 12, Bytes('a'));
        Assert.Empty(bench.Judge(Back()));
        Assert.Empty(bench.Judge(new HandMadeVolume(bench.Now)));
        bench.SyncVolume();
        Violation violation = Assert.Single(bench.Judge(Back()));
        Assert.Equal((ViolationKind.UnexpectedName, LedgerRules.NamesAfterSync), (violation.Kind, violation.Rule));
    }

    [Theory]
    [InlineData(JournalMode.Ordered, true)]
    [InlineData(JournalMode.None, false)]
    public void ALaterNameImpliesTheEarlierOnesWhereThereIsAJournal(JournalMode journal, bool isPromised)
    {
        var bench = new LedgerBench(journal: journal);
        bench.Create("/a", 12);
        bench.Create("/b", 13);
        List<Violation> violations = bench.Judge(new HandMadeVolume(bench.Now).WithFile("/b", 13, []));
        Assert.Equal(isPromised, violations.Exists(violation => violation is { Kind: ViolationKind.NamesOutOfOrder, Path: "/a" }));
        Assert.Empty(bench.Judge(new HandMadeVolume(bench.Now).WithFile("/a", 12, [])));
    }

    [Fact]
    public void NamesThatNobodyOrderedComeInAnyOrder()
    {
        var bench = new LedgerBench();
        int a = bench.Call(new OperationCall { Kind = OperationKind.Create, Path = "/a" });
        int b = bench.Call(new OperationCall { Kind = OperationKind.Create, Path = "/b" });
        bench.Work();
        bench.End(a, 1);
        bench.End(b, 2);
        Assert.Empty(bench.Judge(new HandMadeVolume(bench.Now).WithFile("/b", 13, [])));
        Assert.Empty(bench.Judge(new HandMadeVolume(bench.Now).WithFile("/a", 12, [])));
    }

    [Fact]
    public void AnUnlinkIsOrderedToo()
    {
        var bench = new LedgerBench(WithFile("/old", 12, []));
        bench.Unlink("/old");
        bench.Create("/new", 13);
        Violation violation = Assert.Single(bench.Judge(new HandMadeVolume(bench.Now).WithFile("/old", 12, []).WithFile("/new", 13, [])));
        Assert.Equal((ViolationKind.NamesOutOfOrder, "/old"), (violation.Kind, violation.Path));
    }

    [Fact]
    public void ARecreatedFileMayBeTheOldOneUntilItIsDurable()
    {
        var bench = new LedgerBench(WithFile("/f", 12, Bytes('a')));
        bench.Unlink("/f");
        int file = bench.Create("/f", 12);
        bench.Write(file, 0, Bytes('b'));
        Assert.Empty(bench.Judge(new HandMadeVolume(bench.Now).WithFile("/f", 12, Bytes('a'))));
        Assert.Empty(bench.Judge(new HandMadeVolume(bench.Now).WithFile("/f", 12, Bytes('b'))));
        Assert.Empty(bench.Judge(new HandMadeVolume(bench.Now)));
        Assert.NotEmpty(bench.Judge(new HandMadeVolume(bench.Now).WithFile("/f", 12, Bytes('c'))));
    }

    [Fact]
    public void ANameThatLeadsElsewhereHasNoReason()
    {
        var bench = new LedgerBench();
        int file = bench.Create("/f", 12);
        bench.Write(file, 0, Bytes('a'));
        Violation violation = Assert.Single(bench.Judge(new HandMadeVolume(bench.Now).WithFile("/f", 99, Bytes('a'))));
        Assert.Equal((ViolationKind.UnexpectedName, LedgerRules.NamesHaveReasons), (violation.Kind, violation.Rule));
    }

    [Fact]
    public void ARenameShowsTheOldNameOrTheNewOneWhole()
    {
        var content = new BaselineFile(12, ["/new"], false, Block, (_, length) => Bytes('o', length));
        var moved = new BaselineFile(13, ["/old"], false, Block, (_, length) => Bytes('n', length));
        var bench = new LedgerBench(new Baseline([content, moved]));
        bench.Rename("/old", "/new");
        HandMadeVolume Volume() => new(bench.Now);
        Assert.Empty(bench.Judge(Volume().WithFile("/new", 12, Bytes('o')).WithFile("/old", 13, Bytes('n'))));
        Assert.Empty(bench.Judge(Volume().WithFile("/new", 13, Bytes('n'))));
        HandMadeVolume bothNamesAreTheNew = Volume().WithFile("/new", 13, Bytes('n'), 2).WithName("/old", "/new");
        foreach (HandMadeVolume half in new[] { Volume(), Volume().WithFile("/new", 12, Bytes('o')), bothNamesAreTheNew })
            Assert.NotEmpty(bench.Judge(half));
        Assert.Equal(LedgerRules.Renames, Assert.Single(bench.Judge(Volume().WithFile("/new", 12, Bytes('o')))).Rule);

        bench.SyncVolume();
        Assert.NotEmpty(bench.Judge(Volume().WithFile("/new", 12, Bytes('o')).WithFile("/old", 13, Bytes('n'))));
    }

    [Fact]
    public void ARenamedDirectoryTakesItsNamesAlong()
    {
        var bench = new LedgerBench(new Baseline([
            new BaselineFile(12, ["/d"], true, Block, (_, length) => new byte[length]),
            new BaselineFile(13, ["/d/f"], false, Block, (_, length) => Bytes('n', length)),
        ]));
        bench.Rename("/d", "/e");
        HandMadeVolume Volume() => new(bench.Now);
        Assert.Empty(bench.Judge(Volume().WithDirectory("/e", 12).WithFile("/e/f", 13, Bytes('n'))));
        Assert.Empty(bench.Judge(Volume().WithDirectory("/d", 12).WithFile("/d/f", 13, Bytes('n'))));
        Assert.NotEmpty(bench.Judge(Volume().WithDirectory("/e", 12).WithFile("/d/f", 13, Bytes('n'))));
    }

    [Theory]
    [InlineData(2, true)]
    [InlineData(1, false)]
    public void TheLinkCountIsTheNumberOfNames(int links, bool isLegal)
    {
        var bench = new LedgerBench(WithFile("/f", 12, []));
        bench.Link("/f", "/g");
        List<Violation> violations = bench.Judge(new HandMadeVolume(bench.Now).WithFile("/f", 12, [], links).WithName("/g", "/f"));
        Assert.Equal(isLegal, violations.Count == 0);
        Assert.All(violations, violation => Assert.Equal(ViolationKind.WrongLinkCount, violation.Kind));
    }

    [Fact]
    public void WhatNobodyTouchedStaysAsItIs()
    {
        byte[] content = Bytes('a');
        var bystander = new BaselineFile(20, ["/bystander"], false, Block, (_, length) => content.AsSpan(0, length).ToArray());
        var bench = new LedgerBench(new Baseline([bystander]));
        bench.Create("/f", 12);
        Assert.Empty(bench.Judge(new HandMadeVolume(bench.Now).WithFile("/bystander", 20, content)));
        Assert.Equal(ViolationKind.ChangedBystander,
            Assert.Single(bench.Judge(new HandMadeVolume(bench.Now) { Identity = new TreeIdentity(1, 2) })).Kind);
        Assert.Equal(ViolationKind.ChangedBystander, Assert.Single(bench.Judge(
            new HandMadeVolume(bench.Now) { Identity = new TreeIdentity(1, 3) }.WithFile("/bystander", 20, content).WithFile(
                "/stray", 21, []))).Kind);
    }

    [Fact]
    public void WhatIsNotMountedIsTheExplorersToReport()
    {
        var bench = new LedgerBench(WithFile("/f", 12, Bytes('a')));
        bench.Open("/f", 12);
        bench.Write(1, 0, Bytes('b'), SyncKind.Sync);
        Assert.Empty(bench.Judge(new HandMadeVolume(bench.Now) { IsMounted = false }));
    }
}
