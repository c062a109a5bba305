using ExtShell.Engine.Volumes;
using ExtShell.Lab.Crash;
using ExtShell.Lab.Durability;
using ExtShell.Lab.Scenarios;

namespace ExtShell.Lab.Tests.Scenarios;

/// <summary>A power cut around extended attributes, in the inode and in a block of their own.</summary>
public sealed class ExtendedAttributeCrashTests
{
    [Theory]
    [InlineData(20)] // in the inode
    [InlineData(2000)] // in a block
    public void WhatAnFsyncCoveredIsThere(int lengthBytes)
    {
        (ScenarioRun run, CrashReport report) = CrashSearch.Explore(Changing(lengthBytes));
        Assert.Empty(run.JudgeRun());
        Assert.Empty(report.Findings);
        Assert.Equal(3, report.Outcomes.Count); // none, the first, the second
    }

    [Theory]
    [InlineData(20)]
    [InlineData(2000)]
    public void WithoutBarriersItIsLost(int lengthBytes)
    {
        Scenario scenario = Changing(lengthBytes) with { Device = new DeviceModel(Barrier: BarrierMode.Ignored) };
        Assert.Contains(CrashSearch.Explore(scenario).Report.Findings, finding =>
            finding.Violation is { Kind: ViolationKind.ChangedAttributes, Rule: LedgerRules.Attributes }
            && finding.Violation.Promise.Contains("user.a", StringComparison.Ordinal));
    }

    private static Scenario Changing(int lengthBytes) => new()
    {
        Setup = [Operation.Create("f", "/f")],
        Threads =
        [
            [
                Operation.SetXattr("/f", "user.a", lengthBytes, Payload.Pattern(1)), Operation.Fsync("f"),
                Operation.SetXattr("/f", "user.a", lengthBytes, Payload.Pattern(2)), Operation.Fsync("f"),
                Operation.RemoveXattr("/f", "user.a"), Operation.Fsync("f"),
            ],
        ],
    };
}
