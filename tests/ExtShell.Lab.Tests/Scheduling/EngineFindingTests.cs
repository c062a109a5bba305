using ExtShell.Engine.Inodes;
using ExtShell.Lab.Scenarios;
using ExtShell.Lab.Scheduling;
using ExtShell.Lab.Tests.Defects;

namespace ExtShell.Lab.Tests.Scheduling;

/// <summary>
/// Each kind of failure on the engine itself. Those that a switch brings about are found by it. No protocol of the seven deadlocks, starves
/// or breaks an invariant of its own by a switch: the engine deadlocks and breaks with a thread in C# that takes its locks out of order or
/// lets go of one that is not its own, and starvation is a bound that many writers of one file pass.
/// </summary>
public sealed class EngineFindingTests
{
    private static readonly Scenario OneTruncate = new()
    {
        Name = "truncate",
        Setup = [Operation.Create("f", "/f"), Operation.WriteDirect("f", 0, 16384, Payload.Pattern(1))],
        Threads = [[Operation.Truncate("f", 8192)]],
    };

    [Theory]
    [InlineData("two-writes-in-one-block", "Ext4Iomap2019", "UnalignedNotSerialised", ScheduleFindingKind.LostUpdate)]
    [InlineData("fill-a-hole", "Ext4Iomap2023", "FillHolesWritten", ScheduleFindingKind.WrongRead)]
    [InlineData("write-while-truncating", "Ext4CompletedIo2012", "WorkerTriesInodeLock", ScheduleFindingKind.Livelock)]
    [InlineData("write-into-preallocated", "Ext4EndIo2009", "EndIoInInterrupt", ScheduleFindingKind.InterruptContext)]
    [InlineData("write-close-remove", "Ext4EndIo2009", "ItemHoldsNoInode AckBeforeConversion", ScheduleFindingKind.EvictedInode)]
    public void ASwitchShowsTheKindAndReplaysAndWithoutItNothingIsFound(
        string name, string protocol, string switches, ScheduleFindingKind kind)
    {
        Scenario read = Scenario.Parse(File.ReadAllText(Path.Combine(DefectTests.Folder, name + ".scenario")));
        Scenario cured = read with { Mount = read.Mount with { Protocol = protocol, Switches = [] } };
        Scenario defective = cured with { Mount = cured.Mount with { Switches = switches.Split(' ') } };
        var options = new ScheduleOptions { Strategy = SearchStrategy.Exhaustive, StopsAtFirstFinding = true, MostSchedules = 5_000 };
        ScheduleFinding finding = ScheduleSearch.Run(defective, options).Findings[0];
        Assert.Equal(kind, finding.Kind);
        Assert.True(ScheduleSearch.Replay(Schedule.Parse(finding.Schedule.ToText())).IsFaithful);
        ScheduleReport clean = ScheduleSearch.Run(cured, options);
        Assert.True(clean is { IsClean: true, IsExhaustive: true }, clean.ToString());
    }

    [Fact]
    public void WhoTakesTheEnginesLocksInTheOtherOrderDeadlocksWithATruncate()
    {
        Scenario scenario = OneTruncate with { Bodies = [static context => TakeAsync(context, isInOrder: false)] };
        ScheduleFinding finding = Assert.Single(Search(scenario).Findings);
        Assert.Equal(ScheduleFindingKind.Deadlock, finding.Kind);
        Assert.Contains(finding.Details, static line => line.Contains("waits for mapping lock of inode", StringComparison.Ordinal));
        Assert.Contains(finding.Details, static line => line.StartsWith("cycle: ", StringComparison.Ordinal));
        ScheduleReport inOrder = Search(OneTruncate with { Bodies = [static context => TakeAsync(context, isInOrder: true)] });
        Assert.True(inOrder.IsClean, inOrder.ToString());
    }

    [Fact]
    public void WhoLetsGoOfALockThatATruncateHoldsBreaksAnInvariant()
    {
        ScheduleFinding finding = Search(OneTruncate with { Bodies = [LetGoAsync] }).Findings[0];
        Assert.Equal(ScheduleFindingKind.BrokenInvariant, finding.Kind);
        Assert.Contains(finding.Details, static line => line.Contains("SetSizeAsync", StringComparison.Ordinal));
    }

    [Fact]
    public void AWriterThatOthersOvertakePastTheBoundIsFound()
    {
        static Operation[] Writes(int pattern) =>
            [.. Enumerable.Range(0, 6).Select(i => Operation.WriteDirect("f", i * 4096, 4096, Payload.Pattern(pattern + i)))];
        Operation[] one = [Operation.WriteDirect("f", 0, 4096, Payload.Pattern(2))];
        Scenario scenario = OneTruncate with { Threads = [Writes(10), Writes(20), one] };
        scenario = scenario with { Mount = scenario.Mount with { Protocol = "Ext4EndIo2009" } };
        ScheduleReport bounded = Search(scenario, mostOvertakes: 5);
        ScheduleFinding finding = bounded.Findings.First(static finding => finding.Kind == ScheduleFindingKind.Starvation);
        Assert.Contains("waits for lock of inode", finding.Message, StringComparison.Ordinal);
        Assert.Contains("which others took 6 times meanwhile", finding.Message, StringComparison.Ordinal);
        Assert.True(Search(scenario).IsClean);
    }

    private static ScheduleReport Search(Scenario scenario, int mostOvertakes = 1_000) =>
        ScheduleSearch.Run(scenario, new ScheduleOptions { MostSchedules = 300, MostOvertakes = mostOvertakes });

    private static async ValueTask TakeAsync(ScenarioContext context, bool isInOrder)
    {
        Inode inode = context.Volume.Inodes.Get(context.Files["f"].Inode);
        await (isInOrder ? inode.Lock : inode.MappingLock).LockExclusiveAsync();
        await (isInOrder ? inode.MappingLock : inode.Lock).LockExclusiveAsync();
        inode.Lock.UnlockExclusive();
        inode.MappingLock.UnlockExclusive();
        await context.Volume.Inodes.ReleaseAsync(inode);
    }

    private static async ValueTask LetGoAsync(ScenarioContext context)
    {
        Inode inode = context.Volume.Inodes.Get(context.Files["f"].Inode);
        await context.Machine.Yield("beside the truncate");
        if (inode.Lock.IsExclusivelyHeld)
            inode.Lock.UnlockExclusive();
        await context.Volume.Inodes.ReleaseAsync(inode);
    }
}
