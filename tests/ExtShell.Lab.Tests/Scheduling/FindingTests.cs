using ExtShell.Engine.Kernel;
using ExtShell.Format.Errors;
using ExtShell.Lab.Scenarios;
using ExtShell.Lab.Scheduling;

namespace ExtShell.Lab.Tests.Scheduling;

/// <summary>What a run can show besides wrong bytes: each kind once, and what it says.</summary>
public sealed class FindingTests
{
    [Fact]
    public void AThreadThatNeverGetsALockIsFound()
    {
        var program = new MachineProgram("greedy", machine =>
        {
            var mutex = new SimulatedMutex(machine, "the lock");
            for (int i = 1; i <= 2; i++)
                machine.Spawn($"greedy {i}", () => TakeAsync(machine, mutex, 400));
            machine.Spawn("modest", () => TakeAsync(machine, mutex, 1));
            return new MachineProgramEnd(() => "", () => null);
        });
        var options = new ScheduleOptions { Strategy = SearchStrategy.Pct, MostSchedules = 200, MostOvertakes = 100 };
        ScheduleFinding finding = ScheduleSearch.Run(
            program, options).Findings.First(finding => finding.Kind == ScheduleFindingKind.Starvation);
        Assert.Contains("waits for the lock", finding.Message, StringComparison.Ordinal);
        Assert.Contains("which others took 101 times meanwhile", finding.Message, StringComparison.Ordinal);
        Assert.True(ScheduleSearch.Replay(program, finding.Schedule, options).IsFaithful);
    }

    [Fact]
    public void ABrokenInvariantIsFoundWithThePlaceThatBrokeIt()
    {
        var program = new MachineProgram("invariant", machine =>
        {
            bool isInside = false;
            for (int i = 0; i < 2; i++)
            {
                machine.Spawn($"thread {i}", async () =>
                {
                    machine.Touch("inside", AccessKind.Write);
                    InvariantException.Require(!isInside, "one thread at a time is inside");
                    isInside = true;
                    await machine.Yield("inside");
                    machine.Touch("inside", AccessKind.Write);
                    isInside = false;
                });
            }

            return new MachineProgramEnd(() => "", () => null);
        });
        ScheduleFinding finding = Assert.Single(ScheduleSearch.Run(program, new ScheduleOptions { MostSchedules = 50 }).Findings);
        Assert.Equal(ScheduleFindingKind.BrokenInvariant, finding.Kind);
        Assert.Contains("one thread at a time is inside", finding.Message, StringComparison.Ordinal);
        Assert.Contains(finding.Details, line => line.Contains(nameof(FindingTests), StringComparison.Ordinal));
    }

    [Fact]
    public void AnInodeThatIsUsedAfterItsEvictionIsFound()
    {
        ScheduleFinding finding = FindDefect("write-close-remove", "Ext4EndIo2009", "ItemHoldsNoInode", "AckBeforeConversion");
        Assert.Equal(ScheduleFindingKind.EvictedInode, finding.Kind);
        Assert.Contains("inode", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WaitingInInterruptContextNamesWhatWasWaitedFor()
    {
        ScheduleFinding finding = FindDefect("write-into-preallocated", "Ext4EndIo2009", "EndIoInInterrupt");
        Assert.Equal(ScheduleFindingKind.InterruptContext, finding.Kind);
        Assert.Contains("interrupt", finding.Message, StringComparison.Ordinal);
        Assert.Contains(finding.Details, line => line.Contains("Ext4EndIo2009", StringComparison.Ordinal));
    }

    [Fact]
    public void ALivelockOfTheEngineShowsItsCycle()
    {
        ScheduleFinding finding = FindDefect("write-while-truncating", "Ext4CompletedIo2012", "WorkerTriesInodeLock");
        Assert.Equal(ScheduleFindingKind.Livelock, finding.Kind);
        Assert.Contains(finding.Details, line => line.Contains("completions", StringComparison.Ordinal));
    }

    [Fact]
    public void AStorySaysOfEachThreadWhereItYielded()
    {
        var program = new MachineProgram("labels", machine =>
        {
            foreach (string name in new[] { "left", "right" })
            {
                machine.Spawn(name, async () =>
                {
                    await machine.Yield($"the {name} place");
                    await machine.Yield($"the {name} end");
                });
            }

            return new MachineProgramEnd(() => "", () => "told");
        });
        foreach (ScheduleFinding finding in ScheduleSearch.Run(program, new ScheduleOptions { MostSchedules = 10 }).Findings)
        {
            string text = ScheduleSearch.Tell(program, finding.Schedule).ToString();
            foreach (string line in text.Split('\n').Where(line => line.Contains("goes on", StringComparison.Ordinal)))
            {
                string actor = line[7..].Split(' ')[0];
                if (actor != "caller")
                    Assert.Contains($"the {actor} ", line, StringComparison.Ordinal);
            }
        }
    }

    private static async ValueTask TakeAsync(Machine machine, SimulatedMutex mutex, int times)
    {
        for (int i = 0; i < times; i++)
        {
            await mutex.LockAsync();
            await machine.Yield("inside");
            mutex.Unlock();
        }
    }

    private static ScheduleFinding FindDefect(string scenario, string protocol, params string[] switches)
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "ExtShell.sln")))
            folder = Path.GetDirectoryName(folder)!;
        Scenario read = Scenario.Parse(File.ReadAllText(Path.Combine(folder, "examples", "defects", scenario + ".scenario")));
        Scenario defective = read with { Mount = read.Mount with { Protocol = protocol, Switches = switches } };
        var options = new ScheduleOptions { MostSchedules = 5_000, StopsAtFirstFinding = true };
        return ScheduleSearch.Run(defective, options).Findings[0];
    }
}
