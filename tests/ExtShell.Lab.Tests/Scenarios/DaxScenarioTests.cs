using ExtShell.Engine.Volumes;
using ExtShell.Lab.Crash;
using ExtShell.Lab.Durability;
using ExtShell.Lab.Scenarios;

namespace ExtShell.Lab.Tests.Scenarios;

/// <summary>The DAX protocol under the crash search and under schedules.</summary>
public sealed class DaxScenarioTests
{
    private static readonly MountOptions Dax = new() { Protocol = "Ext4Dax2014" };

    private static readonly Operation[] Setup =
    [
        Operation.Create("f", "/f"),
        Operation.WriteDirect("f", 0, 8_192, Payload.Pattern(1)),
        Operation.Truncate("f", 16_384),
        Operation.Map("m", "f", 0, 32_768),
    ];

    public static TheoryData<string, string> Runs()
    {
        var runs = new TheoryData<string, string>();
        foreach (string features in new[] { "", "^extents,^64bit" })
        {
            runs.Add(features, "write-direct f at=16384 length=4096 data=pattern:2 sync=dsync");
            runs.Add(features, "write-direct f at=15000 length=3000 data=pattern:2 sync=sync");
            runs.Add(features, "write-direct f at=9000 length=200 data=pattern:2\n fsync f");
            runs.Add(features,
                "map-write m at=100 length=200 data=pattern:2\n map-sync m at=0 length=4096\n map-write m at=200 length=64 data=pattern:3");
            runs.Add(features, "map-write m at=12288 length=100 data=pattern:2\n map-write m at=50 length=10 data=pattern:3\n fsync f");
            runs.Add(features, "map-write m at=16300 length=100 data=byte:7\n write-direct f at=16384 length=10 data=pattern:2 sync=sync");
            runs.Add(features, "truncate f to=5000\n truncate f to=12000\n fsync f");
        }

        return runs;
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public void WhatWasPromisedSurvivesEveryCut(string features, string operations)
    {
        var threads = ThreadsOf(operations);
        var scenario = new Scenario { Volume = new VolumeSpecification(Features: features), Mount = Dax, Setup = Setup, Threads = threads };
        (ScenarioRun run, CrashReport report) = CrashSearch.Explore(scenario);
        Assert.True(report.Findings.Count == 0, string.Join('\n', report.Findings.Select(finding => finding.Violation.ToString())));
        Assert.Empty(run.Ledger.JudgeRun());
        Assert.True(report.States > 1);
    }

    [Fact]
    public void AnUnsyncedStoreTearsIntoLines()
    {
        var scenario = new Scenario
        {
            Mount = Dax,
            Setup = Setup,
            Threads = [[Operation.MapWrite("m", 0, 256, Payload.Pattern(2)), Operation.Unmap("m")]],
        };
        (ScenarioRun run, CrashReport report) = CrashSearch.Explore(scenario);
        Assert.Empty(report.Findings);
        Assert.Equal(16, PowerCut.At(run.Log, scenario.Device).States);
    }

    [Fact]
    public void BruteForceAndLazyExplorerAgreeOnStores()
    {
        foreach (string operations in new[]
        {
            "map-write m at=64 length=512 data=pattern:2",
            "map-write m at=0 length=128 data=pattern:2\n map-sync m at=0 length=128\n map-write m at=0 length=192 data=byte:3",
            "write-direct f at=64 length=200 data=pattern:2\n map-write m at=100 length=100 data=byte:4",
        })
        {
            var scenario = new Scenario { Mount = Dax, Setup = Setup, Threads = ThreadsOf(operations) };
            ScenarioRun run = ScenarioRunner.Run(scenario);
            BruteForce.Comparison comparison = new BruteForce(run.Log, scenario.Device).Compare();
            Assert.True(comparison.DisagreementCount == 0, string.Join('\n', comparison.Disagreements));
            Assert.True(comparison.States > 8);
        }
    }

    [Fact]
    public void HolesFilledWrittenShowStaleContent()
    {
        var scenario = new Scenario
        {
            Mount = Dax,
            Setup = Setup,
            Threads = [[Operation.WriteDirect("f", 8_192, 4_096, Payload.Pattern(2)), Operation.Create("g", "/g"), Operation.Fsync("g")]],
        };
        Assert.Empty(CrashSearch.Explore(scenario).Report.Findings);
        scenario = scenario with { Mount = Dax with { Switches = ["FillHolesWritten"] } };
        Assert.Contains(CrashSearch.Explore(scenario with { Device = new DeviceModel(Barrier: BarrierMode.Ignored) }).Report.Findings,
            finding => finding.Violation.Kind == ViolationKind.StaleExposed);
    }

    [Fact]
    public void ReadersWritersFaultsAndTruncateAgreeUnderRandomSchedules()
    {
        foreach (string features in new[] { "", "^extents,^64bit" })
        {
            var scenario = new Scenario
            {
                Volume = new VolumeSpecification(Features: features),
                Mount = Dax,
                Setup = Setup,
                Threads =
                [
                    [
                        Operation.MapWrite("m", 4_096, 12_288, Payload.Pattern(2)),
                        Operation.MapSync("m", 0, 8_192),
                        Operation.MapRead("m", 0, 12_288),
                    ],
                    [Operation.WriteDirect("f", 8_000, 6_000, Payload.Pattern(3)), Operation.MapRead("m", 4_096, 4_096)],
                    [
                        Operation.Truncate("f", 5_000),
                        Operation.WriteBuffered("f", 9_000, 2_000, Payload.Pattern(4)),
                        Operation.ReadBuffered("f", 0, 16_384),
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
    }

    /// <summary>One block is free; while a write into two holes takes it, another file gives two back. Then readers look.</summary>
    private static Scenario FullVolume(params Operation[] afterwards) => new()
    {
        Mount = Dax,
        Setup =
        [
            Operation.Create("f", "/f"),
            Operation.Truncate("f", 8_192),
            Operation.Map("m", "f", 0, 8_192),
            Operation.Create("g", "/g"),
            Operation.WriteDirect("g", 0, 8_192, Payload.Pattern(1)),
            Operation.Create("h", "/h"),
            Operation.WriteDirect("h", 0, 4_096, Payload.Pattern(2)),
            Operation.Create("rest", "/rest"),
            Operation.WriteDirect("rest", 0, 16 << 20, Payload.Repeat(7)),
            Operation.Truncate("h", 0),
        ],
        Threads = [[Operation.WriteDirect("f", 0, 8_192, Payload.Pattern(3)), .. afterwards], [Operation.Truncate("g", 0)]],
    };

    [Theory]
    [InlineData("read-direct f at=4096 length=4096")]
    [InlineData("map-read m at=4096 length=10\n map-write m at=8000 length=10 data=pattern:4\n map-read m at=4096 length=10")]
    public void TheFallbackToThePageCacheShowsOtherBytesThanWereWritten(string afterwards)
    {
        Scenario cured = FullVolume([.. ThreadsOf(afterwards)[0]]);
        Scenario asPosted = cured with { Mount = Dax with { Switches = ["BufferedFallback"] } };
        int found = -1;
        for (int seed = 0; seed < 150; seed++)
        {
            IReadOnlyList<Violation> clean = ScenarioRunner.Run(cured, new RandomPicks(seed)).Ledger.JudgeRun();
            Assert.True(clean.Count == 0, $"seed {seed}: {string.Join('\n', clean)}");
            if (found < 0 && ScenarioRunner.Run(asPosted, new RandomPicks(seed)).Ledger.JudgeRun().Count > 0)
                found = seed;
        }

        Assert.True(found >= 0, "no schedule showed it");
    }

    /// <summary>A thread's operations from their text: on the files and mappings of the set-up.</summary>
    private static IReadOnlyList<IReadOnlyList<Operation>> ThreadsOf(string operations) =>
        Scenario.Parse($"setup\n create f /f\n map m f at=0 length=4096\nthread\n {operations}\n").Threads;
}
