using ExtShell.Format.Errors;
using ExtShell.Engine.Devices;
using ExtShell.Engine.IO;
using ExtShell.Engine.Volumes;
using ExtShell.Lab.Crash;
using ExtShell.Lab.Durability;
using ExtShell.Lab.Scenarios;

namespace ExtShell.Lab.Tests.Scenarios;

public sealed class EndToEndTests
{
    private static readonly Scenario Append = new()
    {
        Name = "append",
        Setup = [Operation.Create("f", "/f"), Operation.WriteDirect("f", 0, 4096, Payload.Pattern(1))],
        Threads = [[Operation.WriteDirect("f", 4096, 4096, Payload.Pattern(2), SyncKind.DataSync)]],
    };

    [Fact]
    public void TheDefaultProtocolKeepsAnAppend()
    {
        (ScenarioRun run, CrashReport report) = CrashSearch.Explore(Append);
        AssertClean(run, report);
        Assert.Empty(run.Ledger.JudgeRun());
        Assert.True(report.States > 1);
    }

    [Theory]
    [InlineData(BarrierMode.Flush, true)]
    [InlineData(BarrierMode.Ignored, false)]
    public void AttributesSurviveAnFsyncWhereBarriersAreKept(BarrierMode barrier, bool survive)
    {
        var scenario = Scenario.Parse($"""
            device barrier={barrier.ToString().ToLowerInvariant()}
            setup
              create f /f
              write-direct f at=0 length=4096 data=pattern:1
            thread
              chmod /f 600
              chown /f 1000:100
              setxattr /f user.large length=1000 data=pattern:2
              symlink f /link
              fsync f

            """);
        (_, CrashReport report) = CrashSearch.Explore(scenario);
        Assert.True(report.States > 1);
        if (survive)
            Assert.Empty(report.Findings);
        else
            Assert.Contains(
                report.Findings, finding => finding.Violation is { Kind: ViolationKind.ChangedAttributes, Rule: LedgerRules.Attributes });
    }

    [Theory]
    [InlineData(JournalMode.Journal)]
    [InlineData(JournalMode.Writeback)]
    public void TheOtherJournalModesKeepAnAppendToo(JournalMode mode)
    {
        var buffered = Operation.WriteBuffered("f", 0, 6000, Payload.Pattern(3));
        Scenario both = Append with
        {
            Mount = new MountOptions { Journal = mode }, Threads = [[.. Append.Threads[0], buffered, Operation.Fsync("f")]],
        };
        (ScenarioRun run, CrashReport report) = CrashSearch.Explore(both);
        AssertClean(run, report);
        Assert.Empty(run.Ledger.JudgeRun());
        Assert.True(report.States > 1);
    }

    [Theory]
    [InlineData("ExtendAfterSync")]
    [InlineData("ExtendAfterSync:DiskSizeLate")]
    public void ExtensionAfterTheSyncLosesTheSize(string defect)
    {
        (ScenarioRun run, CrashReport report) = CrashSearch.Explore(Append with { Mount = new MountOptions { Switches = [defect] } });
        CrashFinding finding = Assert.Single(report.Findings, finding => finding.Violation.Kind == ViolationKind.LostSize);
        var story = StoryTeller.Tell(run, finding);
        Assert.Contains(story.Bytes, bytes => !bytes.IsReadable && bytes.IsFinding);
    }

    [Theory]
    [InlineData("FuaSkipsSync", false, ViolationKind.LostData)]
    [InlineData("FuaSkipsSync", true, ViolationKind.LostSize)]
    public void AForcedWriteThatSkipsTheSyncLosesMappingOrSize(string defect, bool keepSize, ViolationKind expected)
    {
        var scenario = new Scenario
        {
            Name = "preallocated",
            Traits = new DeviceTraits(HasVolatileCache: true, HasFua: true),
            Setup = [Operation.Create("f", "/f")],
            Threads =
            [
                [
                    Operation.Fallocate("f", 0, 16384, keepSize),
                    Operation.Fsync("f"),
                    Operation.WriteDirect("f", 0, 4096, Payload.Pattern(1), SyncKind.DataSync),
                ],
            ],
        };
        (ScenarioRun clean, CrashReport control) = CrashSearch.Explore(scenario);
        AssertClean(clean, control);

        (_, CrashReport report) = CrashSearch.Explore(scenario with { Mount = new MountOptions { Switches = [defect] } });
        Assert.Contains(report.Findings, finding => finding.Violation.Kind == expected);
    }

    [Fact]
    public void IgnoredBarriersExposeStaleContentBehindAnAppend()
    {
        (ScenarioRun run, CrashReport report) = CrashSearch.Explore(Append with { Device = new DeviceModel(Barrier: BarrierMode.Ignored) });
        CrashFinding finding = report.Findings.First(finding => finding.Violation.Kind == ViolationKind.StaleExposed);
        Assert.Equal(ContentKind.Fill, finding.Violation.FoundKind);
        Assert.Contains("free block", StoryTeller.Tell(run, finding).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void AHoleThatIsFilledWrittenExposesStaleContent()
    {
        var scenario = new Scenario
        {
            Setup = [Operation.Create("f", "/f"), Operation.WriteDirect("f", 0, 4096, Payload.Pattern(1)),
                Operation.WriteDirect("f", 16384, 4096, Payload.Pattern(2))],
            Threads = [[Operation.StartDirect("io", "f", 4096, 8192, Payload.Pattern(3)), Operation.Create("g", "/g"),
                Operation.Fsync("g")]],
        };
        (ScenarioRun clean, CrashReport control) = CrashSearch.Explore(scenario);
        AssertClean(clean, control);
        (_, CrashReport report) = CrashSearch.Explore(scenario with { Mount = new MountOptions { Switches = ["FillHolesWritten"] } });
        Assert.Contains(report.Findings, finding => finding.Violation is { Kind: ViolationKind.StaleExposed, FoundKind: ContentKind.Fill });
    }

    [Fact]
    public void ABufferedReadBetweenDataAndConversionOutlivesTheAcknowledgement()
    {
        var scenario = new Scenario
        {
            Setup = [Operation.Create("f", "/f"), Operation.Fallocate("f", 0, 16384)],
            Threads =
            [
                [Operation.StartDirect("io", "f", 0, 4096, Payload.Pattern(1)), Operation.WaitDirect("io", "f"),
                    Operation.ReadBuffered("f", 0, 4096)],
                [Operation.ReadBuffered("f", 0, 4096)],
            ],
        };
        bool IsFound(Scenario candidate)
        {
            for (int seed = 1; seed <= 300; seed++)
            {
                if (ScenarioRunner.Run(candidate, new RandomPicks(seed)).Ledger.JudgeRun()
                    .Any(violation => violation.Kind == ViolationKind.WrongRead))
                    return true;
            }

            return false;
        }

        Assert.False(IsFound(scenario));
        Assert.True(IsFound(scenario with { Mount = new MountOptions { Switches = ["InvalidateBeforeConvert"] } }));
    }

    [Fact]
    public void TheLostSizeIsShrunkToOneWrite()
    {
        Scenario big = Append with
        {
            Setup = [.. Append.Setup, Operation.Create("g", "/g"), Operation.Mkdir("/d")],
            Threads =
            [
                [
                    Operation.WriteBuffered("g", 0, 4096, Payload.Pattern(7)),
                    Operation.Fsync("g"),
                    Operation.WriteDirect("f", 4096, 8192, Payload.Pattern(2), SyncKind.Sync),
                    Operation.Link("/g", "/d/h"),
                    Operation.StartDirect("io", "f", 0, 4096, Payload.Pattern(8)),
                    Operation.SyncVolume(),
                ],
            ],
            Mount = new MountOptions { Switches = ["ExtendAfterSync", "NoOrphan"] },
        };
        ShrinkResult result = CrashSearch.Shrink(big, ViolationKind.LostSize);
        Assert.True(result.IsMinimal);
        Assert.Equal(["ExtendAfterSync"], result.Scenario.Mount.Switches);
        Assert.Equal("create f /f", Assert.Single(result.Scenario.Setup).ToString());
        Assert.Equal(
            "write-direct f at=0 length=4096 data=pattern:2 sync=dsync", Assert.Single(Assert.Single(result.Scenario.Threads)).ToString());
        Assert.True(CrashSearch.Shows(result.Scenario, ViolationKind.LostSize));
    }

    [Fact]
    public void SyncOfTheVolumeFlushesAnOverwriteThatDirtiedNoMetadata()
    {
        Scenario scenario = Append with
        {
            Setup = [.. Append.Setup, Operation.Create("g", "/g")],
            Threads = [[Operation.WriteBuffered("f", 0, 4096, Payload.Pattern(3)),
                Operation.WriteBuffered("g", 0, 4096, Payload.Pattern(4)), Operation.Fsync("g"), Operation.SyncVolume()]],
        };
        (ScenarioRun run, CrashReport report) = CrashSearch.Explore(scenario);
        AssertClean(run, report);
    }

    private static void AssertClean(ScenarioRun run, CrashReport report)
    {
        if (!report.IsClean)
            Assert.Fail(run.Scenario.ToText() + StoryTeller.Tell(run, report.Findings[0]));
    }

    [Fact]
    public void InjectedFailuresAreMetByTheCallsThatFollow()
    {
        var scenario = Scenario.Parse("""
            setup
              create f /f
              fallocate f at=0 length=16384
            thread
              inject io-error op=write file=f
              write-buffered f at=0 length=4096 data=pattern:1
              fsync f
              fsync f
              inject conversion-error file=f errno=ENOSPC
              write-direct f at=4096 length=4096 data=pattern:2
              inject privilege-error errno=EACCES
              write-direct f at=4096 length=4096 data=pattern:3
              inject full leave=0
              write-direct f at=65536 length=4096 data=pattern:4
              inject space-back
              write-direct f at=65536 length=4096 data=pattern:5
              drop-caches
              shutdown kind=nologflush
              fsync f
            """);
        ScenarioRun run = ScenarioRunner.Run(scenario);
        Errno[] errors = [.. run.History.LoggedCalls.ToArray().Where(call => call.Operation.Kind != OperationKind.Shutdown)
            .Select(call => call.Error)];
        Assert.Equal([Errno.None, Errno.EIO, Errno.None, Errno.ENOSPC, Errno.EACCES, Errno.ENOSPC, Errno.None, Errno.EIO], errors);
    }
}
