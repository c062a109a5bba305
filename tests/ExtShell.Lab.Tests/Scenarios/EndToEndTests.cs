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
    [InlineData("ExtendAfterSync")]
    [InlineData("ExtendAfterSync:DiskSizeLate")]
    public void ExtensionAfterTheSyncLosesTheSize(string defect)
    {
        (ScenarioRun run, CrashReport report) = CrashSearch.Explore(Append with { Mount = new MountOptions { Switches = [defect] } });
        CrashFinding finding = Assert.Single(report.Findings, finding => finding.Violation.Kind == ViolationKind.LostSize);
        var story = StoryTeller.Tell(run, finding);
        Assert.Contains(story.Bytes, bytes => !bytes.IsReadable && bytes.IsFinding);
    }

    [Fact]
    public void SyncOfTheVolumeFlushesAnOverwriteThatDirtiedNoMetadata()
    {
        Scenario scenario = Append with
        {
            Setup = [.. Append.Setup, Operation.Create("g", "/g")],
            Threads = [[Operation.WriteBuffered("f", 0, 4096, Payload.Pattern(3)), Operation.WriteBuffered("g", 0, 4096, Payload.Pattern(4)), Operation.Fsync("g"), Operation.SyncVolume()]],
        };
        (ScenarioRun run, CrashReport report) = CrashSearch.Explore(scenario);
        AssertClean(run, report);
    }

    private static void AssertClean(ScenarioRun run, CrashReport report)
    {
        if (!report.IsClean)
            Assert.Fail(run.Scenario.ToText() + StoryTeller.Tell(run, report.Findings[0]));
    }
}
