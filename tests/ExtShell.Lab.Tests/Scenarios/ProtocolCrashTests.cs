using ExtShell.Engine.IO;
using ExtShell.Engine.Kernel;
using ExtShell.Engine.Volumes;
using ExtShell.Lab.Crash;
using ExtShell.Lab.Durability;
using ExtShell.Lab.Scenarios;

namespace ExtShell.Lab.Tests.Scenarios;

/// <summary>Every protocol, cured, at every cut of small scenarios under random schedules; and what its switches open there.</summary>
public sealed class ProtocolCrashTests
{
    private const string BlockMapped = "^extent,^64bit";

    private static readonly Scenario[] Scenarios =
    [
        new()
        {
            Name = "appends",
            Setup = [Operation.Create("f", "/f"), Operation.WriteDirect("f", 0, 4096, Payload.Pattern(1))],
            Threads =
            [
                [Operation.StartDirect("a", "f", 4096, 8192, Payload.Pattern(2), SyncKind.DataSync), Operation.WaitDirect("a", "f")],
                [Operation.WriteDirect("f", 12288, 4096, Payload.Pattern(3)), Operation.Fsync("f")],
            ],
        },
        new()
        {
            Name = "append beside a commit",
            Setup = [Operation.Create("f", "/f"), Operation.Create("g", "/g")],
            Threads =
            [
                [Operation.StartDirect("a", "f", 0, 12288, Payload.Pattern(2)), Operation.WaitDirect("a", "f")],
                [Operation.WriteBuffered("g", 0, 100, Payload.Pattern(3)), Operation.Fsync("g")],
            ],
        },
        new()
        {
            Name = "hole and end",
            Setup = [Operation.Create("f", "/f"), Operation.WriteDirect("f", 0, 4096, Payload.Pattern(1)), Operation.Truncate("f", 16384)],
            Threads =
            [
                [Operation.WriteDirect("f", 0, 20480, Payload.Pattern(2), SyncKind.Sync)],
                [Operation.SyncVolume()],
            ],
        },
        new()
        {
            Name = "unaligned neighbours",
            Setup = [Operation.Create("f", "/f"), Operation.Truncate("f", 8192)],
            Threads =
            [
                [Operation.StartDirect("a", "f", 0, 512, Payload.Pattern(1)), Operation.WaitDirect("a", "f"), Operation.Fsync("f")],
                [Operation.StartDirect("b", "f", 512, 512, Payload.Pattern(2)), Operation.WaitDirect("b", "f"), Operation.Fsync("f")],
            ],
        },
        new()
        {
            Name = "truncate while written",
            Setup = [Operation.Create("f", "/f"), Operation.WriteDirect("f", 0, 8192, Payload.Pattern(1))],
            Threads =
            [
                [Operation.StartDirect("a", "f", 4096, 8192, Payload.Pattern(2)), Operation.WaitDirect("a", "f"), Operation.Fsync("f")],
                [Operation.Truncate("f", 1000), Operation.Fsync("f")],
            ],
        },
    ];

    public static TheoryData<string, string> Cases()
    {
        var cases = new TheoryData<string, string>();
        foreach (string protocol in WriteProtocols.Names)
        {
            cases.Add(protocol, "");
            if (WriteProtocols.Describe(protocol).ServesBlockMaps)
                cases.Add(protocol, BlockMapped);
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_cured_protocol_is_clean_at_every_cut(string protocol, string features)
    {
        int seeds = Environment.GetEnvironmentVariable("EXTSHELL_FULL") == "1" ? 200 : 4;
        foreach (Scenario scenario in Scenarios)
        {
            var mount = new MountOptions { Protocol = protocol };
            Scenario small = scenario with { Mount = mount, Volume = new VolumeSpecification(Features: features) };
            for (int seed = 1; seed <= seeds; seed++)
            {
                (ScenarioRun run, CrashReport report) = CrashSearch.Explore(small, strategy: new RandomPicks(seed));
                if (!report.IsClean)
                    Assert.Fail($"{protocol}, seed {seed}\n{small.ToText()}{StoryTeller.Tell(run, report.Findings[0])}");
                Assert.Empty(run.Ledger.JudgeRun());
            }
        }
    }

    [Theory]
    [InlineData("Ext3Indirect", "ExtendingAioReturns", "", 1, ViolationKind.StaleExposed)]
    [InlineData("Ext3Indirect", "ExtendingAioReturns", BlockMapped, 1, ViolationKind.StaleExposed)]
    [InlineData("Ext3Indirect", "FillHolesWritten", "", 2, ViolationKind.StaleExposed)]
    [InlineData("Ext3Indirect", "FillHolesWritten", BlockMapped, 2, ViolationKind.StaleExposed)]
    [InlineData("Ext4Iomap2019", "FillHolesWritten", "", 2, ViolationKind.StaleExposed)]
    [InlineData("Ext4Iomap2019", "FillHolesWritten", BlockMapped, 2, ViolationKind.StaleExposed)]
    [InlineData("Ext4Iomap2019", "UnalignedNotSerialised", "", 3, ViolationKind.LostData)]
    [InlineData("XfsStyle", "FillHolesWritten", "", 2, ViolationKind.StaleExposed)]
    [InlineData("Ext3Indirect", "NoOrphan", BlockMapped, 1, ViolationKind.Inconsistent)]
    [InlineData("Ext4Iomap2019", "NoOrphan", "", 1, ViolationKind.Inconsistent)]
    public void A_switch_is_found(string protocol, string name, string features, int scenario, ViolationKind expected)
    {
        Scenario small = Scenarios[scenario] with
        {
            Mount = new MountOptions { Protocol = protocol, Switches = [name] },
            Volume = new VolumeSpecification(Features: features),
        };
        HashSet<ViolationKind> kinds = KindsOf(small, new NewestIoFirst());
        for (int seed = 1; seed <= 60 && !kinds.Contains(expected); seed++)
            kinds.UnionWith(KindsOf(small, new RandomPicks(seed)));
        Assert.Contains(expected, kinds);
        Assert.DoesNotContain(expected, KindsOf(small with { Mount = small.Mount with { Switches = [] } }, new NewestIoFirst()));
    }

    private static HashSet<ViolationKind> KindsOf(Scenario scenario, IScheduleStrategy strategy) =>
        [.. CrashSearch.Explore(scenario, strategy: strategy).Report.Findings.Select(static found => found.Violation.Kind)];

    /// <summary>Threads go first, and what was submitted last ends first.</summary>
    private sealed class NewestIoFirst : IScheduleStrategy
    {
        public int Pick(Machine machine, ReadOnlySpan<Choice> choices)
        {
            for (int i = 0; i < choices.Length; i++)
            {
                if (choices[i].Thread is not null)
                    return i;
            }

            return choices.Length - 1;
        }
    }
}
