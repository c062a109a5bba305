using System.Numerics;
using ExtShell.Engine.IO;
using ExtShell.Engine.Volumes;
using ExtShell.Lab.Crash;
using ExtShell.Lab.Scenarios;

namespace ExtShell.Lab.Tests.Scenarios;

public sealed class GeneratorTests
{
    [Fact]
    public void AScenarioIsAFunctionOfItsSeed()
    {
        for (ulong seed = 1; seed <= 12; seed++)
        {
            (ScenarioRun first, BigInteger firstStates) = SmallScenarioGenerator.Make(seed);
            (ScenarioRun second, BigInteger secondStates) = SmallScenarioGenerator.Make(seed);
            Assert.Equal(first.Scenario.ToText(), second.Scenario.ToText());
            Assert.Equal(firstStates, secondStates);
            Assert.Equal(
                first.Log.Bios.Select(bio => (bio.OffsetBytes, bio.LengthBytes, bio.SubmittedAt, bio.CompletedAt)),
                second.Log.Bios.Select(bio => (bio.OffsetBytes, bio.LengthBytes, bio.SubmittedAt, bio.CompletedAt)));
        }

        Assert.NotEqual(SmallScenarioGenerator.Candidate(1, 0).ToText(), SmallScenarioGenerator.Candidate(2, 0).ToText());
    }

    [Fact]
    public void ScenariosHaveAsManyCrashStatesAsTheComparisonNeeds()
    {
        const int Count = 120;
        var counts = new List<BigInteger>();
        int interrupted = 0;
        for (ulong seed = 1; seed <= Count; seed++)
        {
            (ScenarioRun run, BigInteger states) = SmallScenarioGenerator.Make(seed);
            counts.Add(states);
            if (SmallScenarioGenerator.EndsInTheMiddle(run.Log))
                interrupted++;
        }

        counts.Sort();
        Assert.True(counts[Count / 2] >= 256, $"median {counts[Count / 2]}");
        Assert.True(counts[Count - (Count / 10)] >= 4096, $"a tenth has at least {counts[Count - (Count / 10)]}");
        Assert.True(counts[^1] <= 50_000, $"most {counts[^1]}");
        Assert.True(interrupted >= Count / 2, $"{interrupted} end in the middle of things");
    }

    [Fact]
    public void TheDefaultProtocolKeepsEveryPromise()
    {
        for (ulong seed = 1; seed <= 200; seed++)
        {
            Scenario scenario = SmallScenarioGenerator.Candidate(seed, 0);
            scenario = scenario with { Mount = MountOptions.Default, Device = scenario.Device with { Barrier = BarrierMode.Flush } };
            (ScenarioRun run, CrashReport report) = CrashSearch.Explore(scenario);
            if (!report.IsClean)
                Assert.Fail(scenario.ToText() + StoryTeller.Tell(run, report.Findings[0]));
            Assert.Empty(run.Ledger.JudgeRun());
        }
    }

    [Fact]
    public void TheDefaultProtocolKeepsEveryPromiseUnderRandomSchedules()
    {
        for (ulong seed = 1; seed <= 150; seed++)
        {
            Scenario scenario = SmallScenarioGenerator.Candidate(seed, 3);
            List<Operation> operations = [.. scenario.Threads[0], .. SmallScenarioGenerator.Candidate(seed, 4).Threads[0]];
            scenario = scenario with
            {
                Mount = MountOptions.Default,
                Device = new DeviceModel(HasVolatileCache: scenario.Device.HasVolatileCache),
                Threads = [[.. operations.Where((_, index) => index % 2 == 0)], [.. operations.Where((_, index) => index % 2 == 1)]],
            };
            ScenarioRun run = ScenarioRunner.Run(scenario, new RandomPicks((int)seed));
            CrashReport report = new CrashExplorer(run.Log, scenario.Device).Explore(run.Ledger, new ExploreOptions { MostLeaves = 2000 });
            if (!report.IsClean)
                Assert.Fail($"seed {seed}\n{scenario.ToText()}{StoryTeller.Tell(run, report.Findings[0])}");
            Assert.Empty(run.Ledger.JudgeRun());
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void WrittenBlocksOfABufferedAppendNeverLiePastACommittedSize(bool dioReadNoLock)
    {
        var scenario = new Scenario
        {
            Mount = new MountOptions { DioReadNoLock = dioReadNoLock },
            Setup = [Operation.Create("f", "/f"), Operation.Create("g", "/g")],
            Threads = [[Operation.WriteBuffered("f", 8292, 4096, Payload.Pattern(1), SyncKind.Sync)],
                [Operation.WriteDirect("g", 0, 4096, Payload.Pattern(2), SyncKind.DataSync)]],
        };
        for (int seed = 1; seed <= 150; seed++)
        {
            ScenarioRun run = ScenarioRunner.Run(scenario, new RandomPicks(seed));
            CrashReport report = new CrashExplorer(run.Log, scenario.Device).Explore(run.Ledger);
            if (!report.IsClean)
                Assert.Fail($"seed {seed}\n{StoryTeller.Tell(run, report.Findings[0])}");
        }
    }

    [Fact]
    public void AnOverwriteThatPadsTheBlockOfTheEndIsAloneInIt()
    {
        var scenario = new Scenario
        {
            Setup = [Operation.Create("f", "/f"), Operation.WriteDirect("f", 0, 512, Payload.Pattern(1))],
            Threads =
            [
                [Operation.StartDirect("io1", "f", 0, 512, Payload.Pattern(2))],
                [Operation.StartDirect("io2", "f", 0, 8192, Payload.Pattern(3), SyncKind.DataSync)],
            ],
        };
        for (int seed = 1; seed <= 200; seed++)
        {
            ScenarioRun run = ScenarioRunner.Run(scenario, new RandomPicks(seed));
            CrashReport report = new CrashExplorer(run.Log, scenario.Device).Explore(run.Ledger);
            if (!report.IsClean)
                Assert.Fail($"seed {seed}\n{StoryTeller.Tell(run, report.Findings[0])}");
        }
    }

    [Fact]
    public void RunsOfRandomScenariosCanBeDerivedFromTheirHistoryAndRunAgain()
    {
        for (ulong seed = 1; seed <= 20; seed++)
        {
            Scenario scenario = SmallScenarioGenerator.Candidate(seed, 0);
            ScenarioRun run = ScenarioRunner.Run(scenario);
            Scenario derived = ScenarioDerivation.Derive(run.History, scenario.Volume, scenario.Mount, scenario.Traits, scenario.Device);
            ScenarioRun again = ScenarioRunner.Run(Scenario.Parse(derived.ToText()));
            Assert.Equal(run.Log.Position, again.Log.Position);
            Assert.Equal(
                run.Log.Bios.Select(bio => (bio.OffsetBytes, Convert.ToHexString(bio.Data.Span))),
                again.Log.Bios.Select(bio => (bio.OffsetBytes, Convert.ToHexString(bio.Data.Span))));
        }
    }
}
