using ExtShell.Engine.Volumes;
using ExtShell.Lab.Crash;
using ExtShell.Lab.Durability;
using ExtShell.Lab.Scenarios;

namespace ExtShell.Lab.Tests.Scenarios;

/// <summary>Stores into mappings under the crash search and under schedules: rule 25.</summary>
public sealed class MappedScenarioTests
{
    private static readonly Operation[] Setup =
    [
        Operation.Create("f", "/f"),
        Operation.WriteDirect("f", 0, 8192, Payload.Pattern(1)),
        Operation.Truncate("f", 16_384),
        Operation.Map("m", "f", 0, 16_384),
    ];

    private static readonly Scenario Stores = new()
    {
        Name = "stores",
        Setup = Setup,
        Threads =
        [
            [
                Operation.MapWrite("m", 2_000, 4_000, Payload.Pattern(2)),
                Operation.MapWrite("m", 12_288, 4_096, Payload.Pattern(3)), // into a hole
                Operation.MapSync("m", 4_096, 12_288),
                Operation.MapWrite("m", 12_288, 4_096, Payload.Pattern(4)),
                Operation.Fsync("f", dataOnly: true),
            ],
        ],
    };

    [Fact]
    public void WhatMsyncAndFdatasyncCoveredSurvivesEveryCut()
    {
        (ScenarioRun run, CrashReport report) = CrashSearch.Explore(Stores);
        Assert.Empty(report.Findings);
        Assert.Empty(run.Ledger.JudgeRun());
        Assert.True(report.States > 10);
    }

    [Fact]
    public void WithoutBarriersMsyncPromisesWhatIsNotThere()
    {
        var ignored = new DeviceModel(Barrier: BarrierMode.Ignored);
        (_, CrashReport report) = CrashSearch.Explore(Stores with { Device = ignored });
        Assert.Contains(report.Findings, finding => finding.Violation.Kind == ViolationKind.LostData);
    }

    [Fact]
    public void WhatNobodySyncedIsNotPromised()
    {
        Scenario scenario = Stores with { Threads = [[.. Stores.Threads[0].Where(operation => operation.Verb == Verb.MapWrite)]] };
        (_, CrashReport report) = CrashSearch.Explore(scenario with { Device = new DeviceModel(Barrier: BarrierMode.Ignored) });
        Assert.Empty(report.Findings);
    }

    [Fact]
    public void ReadersWritersAndTruncateAgreeUnderRandomSchedules()
    {
        var scenario = new Scenario
        {
            Setup = Setup,
            Threads =
            [
                [
                    Operation.MapWrite("m", 0, 8_192, Payload.Pattern(2)),
                    Operation.MapSync("m", 0, 8_192),
                    Operation.MapRead("m", 0, 12_288),
                ],
                [Operation.WriteDirect("f", 4_096, 4_096, Payload.Pattern(3)), Operation.MapRead("m", 4_096, 4_096)],
                [
                    Operation.Truncate("f", 5_000),
                    Operation.WriteBuffered("f", 9_000, 2_000, Payload.Pattern(4)),
                    Operation.ReadBuffered("f", 0, 12_288),
                ],
            ],
        };
        for (int seed = 0; seed < 300; seed++)
        {
            ScenarioRun run = ScenarioRunner.Run(scenario, new RandomPicks(seed));
            IReadOnlyList<Violation> violations = run.Ledger.JudgeRun();
            Assert.True(violations.Count == 0, $"seed {seed}: {string.Join('\n', violations)}");
        }
    }

    [Fact]
    public void ASessionWithMappingsBecomesAScenario()
    {
        ScenarioRun run = ScenarioRunner.Run(Stores);
        Scenario derived = ScenarioDerivation.Derive(run.History, Stores.Volume, Stores.Mount, Stores.Traits, Stores.Device);
        Assert.Equal(Stores.Threads[0].Select(operation => operation.Verb), derived.Threads[0].Select(operation => operation.Verb));
        Assert.Equal(derived.ToText(), Scenario.Parse(derived.ToText()).ToText());
        ScenarioRun again = ScenarioRunner.Run(derived);
        Assert.Equal(run.Log.Position, again.Log.Position);
    }
}
