using ExtShell.Engine.Volumes;
using ExtShell.Lab.Crash;
using ExtShell.Lab.Durability;
using ExtShell.Lab.Scenarios;

namespace ExtShell.Lab.Tests.Scenarios;

/// <summary>A power cut while a directory outgrows its first block, and while leaves of its hash tree are split.</summary>
public sealed class HashTreeCrashTests
{
    [Theory]
    [InlineData(2)] // the third name makes the tree
    [InlineData(5)] // leaves are split
    public void NoNameIsLostInASplit(int before)
    {
        Scenario scenario = Splitting(before, JournalMode.Ordered);
        (ScenarioRun run, CrashReport report) = CrashSearch.Explore(scenario);
        Assert.Empty(run.JudgeRun());
        Assert.Empty(report.Findings);
        Assert.True(report.Leaves > 10, $"{report.Leaves} leaves");
    }

    [Fact]
    public void WithoutAJournalASplitLosesNames()
    {
        (_, CrashReport report) = CrashSearch.Explore(Splitting(5, JournalMode.None));
        Assert.Contains(report.Findings, finding => finding.Violation.Kind is ViolationKind.LostName);
    }

    private static Scenario Splitting(int before, JournalMode journal)
    {
        static string Name(int i) => $"/d/{i}{new string('n', 240)}";
        var threads = new List<Operation>();
        for (int i = before; i < before + 2; i++)
            threads.AddRange([Operation.Create($"f{i}", Name(i)), Operation.Fsync($"f{i}")]);
        threads.Add(Operation.Unlink(Name(0)));
        threads.Add(Operation.Rename(Name(1), Name(100)));
        threads.Add(Operation.SyncVolume());
        return new Scenario
        {
            Volume = new VolumeSpecification(8 << 20, 1024, 1 << 20),
            Mount = new MountOptions { Journal = journal },
            Device = new DeviceModel(AtomicUnitBytes: 512),
            Setup = [Operation.Mkdir("/d"), .. Enumerable.Range(0, before)
                .SelectMany(static i => new[] { Operation.Create($"s{i}", Name(i)), Operation.Close($"s{i}") })],
            Threads = [threads],
        };
    }
}
