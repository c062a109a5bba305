using ExtShell.Engine.IO;
using ExtShell.Engine.Volumes;
using ExtShell.Lab.Crash;
using ExtShell.Lab.Durability;
using ExtShell.Lab.Scenarios;

namespace ExtShell.Lab.Tests.Scenarios;

/// <summary>
/// Every protocol in its cured state under random schedules: no reader sees what was not promised, no run fails, and at no cut anything is
/// lost or exposed.
/// </summary>
public sealed class ProtocolSearchTests
{
    private static readonly int SchedulesCount = Environment.GetEnvironmentVariable("EXTSHELL_FULL") == "1" ? 500 : 25;

    private static readonly Dictionary<string, Scenario> Scenarios = new()
    {
        ["append and truncate"] = new Scenario
        {
            Setup = [Operation.Create("f", "/f"), Operation.WriteDirect("f", 0, 4096, Payload.Pattern(1))],
            Threads =
            [
                [Operation.StartDirect("io1", "f", 4096, 8192, Payload.Pattern(2)),
                    Operation.StartDirect("io2", "f", 12288, 4096, Payload.Pattern(3), SyncKind.DataSync),
                    Operation.WaitDirect("io1", "f"), Operation.ReadBuffered("f", 0, 16384)],
                [Operation.Truncate("f", 512), Operation.ReadDirect("f", 0, 8192)],
                [Operation.Fsync("f"), Operation.ReadBuffered("f", 0, 16384)],
            ],
        },
        ["holes and buffered appends"] = new Scenario
        {
            Setup = [Operation.Create("f", "/f"), Operation.Truncate("f", 32768)],
            Threads =
            [
                [Operation.StartDirect("io1", "f", 8192, 4096, Payload.Pattern(1)),
                    Operation.WriteBuffered("f", 33000, 5000, Payload.Pattern(2)),
                    Operation.WaitDirect("io1", "f"), Operation.Fsync("f", dataOnly: true)],
                [Operation.WriteBuffered("f", 4096, 2000, Payload.Pattern(3)), Operation.Fsync("f"), Operation.ReadDirect("f", 0, 16384)],
                [Operation.StartDirect("io2", "f", 40960, 4096, Payload.Pattern(4)), Operation.WaitDirect("io2", "f"),
                    Operation.ReadBuffered("f", 4096, 40960)],
            ],
        },
        ["preallocated, buffered and punched"] = new Scenario
        {
            Setup = [Operation.Create("f", "/f"), Operation.Fallocate("f", 0, 32768)],
            Threads =
            [
                [Operation.WriteBuffered("f", 0, 12288, Payload.Pattern(1)), Operation.Fsync("f"), Operation.ReadDirect("f", 0, 16384)],
                [Operation.StartDirect("io1", "f", 16384, 8192, Payload.Pattern(2)), Operation.WaitDirect("io1", "f"),
                    Operation.ReadDirect("f", 8192, 16384)],
                [Operation.Truncate("f", 20480), Operation.Truncate("f", 32768), Operation.ReadBuffered("f", 0, 32768)],
            ],
        },
        ["closed and unlinked"] = new Scenario
        {
            Setup = [Operation.Create("f", "/f"), Operation.Create("g", "/g"), Operation.Fallocate("f", 0, 16384)],
            Threads =
            [
                [Operation.StartDirect("io1", "f", 0, 8192, Payload.Pattern(1)),
                    Operation.WriteBuffered("f", 8192, 4096, Payload.Pattern(2)), Operation.Close("f"), Operation.SyncVolume()],
                [Operation.Unlink("/f"), Operation.WriteDirect("g", 0, 8192, Payload.Pattern(3), SyncKind.Sync)],
            ],
        },
        ["unaligned appends"] = new Scenario
        {
            Setup = [Operation.Create("f", "/f"), Operation.WriteDirect("f", 0, 512, Payload.Pattern(1))],
            Threads =
            [
                [Operation.StartDirect("io1", "f", 512, 1024, Payload.Pattern(2)), Operation.WaitDirect("io1", "f"),
                    Operation.ReadBuffered("f", 0, 8192)],
                [Operation.StartDirect("io2", "f", 1536, 4096, Payload.Pattern(3), SyncKind.DataSync),
                    Operation.ReadBuffered("f", 0, 8192)],
            ],
        },
    };

    public static TheoryData<string, string, bool> Cases()
    {
        var cases = new TheoryData<string, string, bool>();
        foreach (string protocol in WriteProtocols.Names)
        {
            foreach (string scenario in Scenarios.Keys)
            {
                cases.Add(protocol, scenario, true);
                cases.Add(protocol, scenario, false);
            }
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_cured_protocol_keeps_every_promise_under_random_schedules(string protocol, string name, bool dioReadNoLock)
    {
        Scenario scenario = Scenarios[name] with
        {
            Name = name, Mount = new MountOptions { Protocol = protocol, DioReadNoLock = dioReadNoLock },
        };
        for (int seed = 1; seed <= SchedulesCount; seed++)
        {
            ScenarioRun run = Run(scenario, seed);
            IReadOnlyList<Violation> seen = run.Ledger.JudgeRun();
            Assert.True(seen.Count == 0, $"seed {seed}\n{string.Join('\n', seen)}");
            if (seed % 5 != 0)
                continue;
            CrashReport report = new CrashExplorer(run.Log, scenario.Device).Explore(run.Ledger, new ExploreOptions { MostLeaves = 1000 });
            if (!report.IsClean)
                Assert.Fail($"seed {seed}\n{scenario.ToText()}{StoryTeller.Tell(run, report.Findings[0])}");
        }
    }

    private static ScenarioRun Run(Scenario scenario, int seed)
    {
        try
        {
            return ScenarioRunner.Run(scenario, new RandomPicks(seed));
        }
        catch (Exception failure)
        {
            throw new InvalidOperationException($"seed {seed}: {failure.Message}", failure);
        }
    }
}
