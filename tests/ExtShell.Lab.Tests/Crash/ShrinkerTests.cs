using ExtShell.Engine.IO;
using ExtShell.Engine.Volumes;
using ExtShell.Format.Errors;
using ExtShell.Lab.Crash;
using ExtShell.Lab.Scenarios;

namespace ExtShell.Lab.Tests.Crash;

public sealed class ShrinkerTests
{
    private static Scenario Big()
    {
        var first = new List<Operation>();
        for (int i = 0; i < 20; i++)
            first.Add(Operation.WriteDirect("f", i * 8192, 16384, Payload.Repeat((byte)i), SyncKind.Sync));
        return new Scenario
        {
            Mount = MountOptions.Default with { Switches = ["NoOrphan", "ExtendAfterSync"] },
            Device = new DeviceModel(512, BarrierMode.Ignored),
            Setup = [Operation.Create("f", "/f"), Operation.Mkdir("/d"), Operation.Create("g", "/g")],
            Threads = [first, [Operation.Fsync("g"), Operation.StartDirect("io", "f", 12288, 8192, Payload.Pattern(1), SyncKind.DataSync)]],
        };
    }

    [Fact]
    public void OnlyWhatIsNeededStays()
    {
        bool Shows(Scenario scenario) => scenario.Mount.Switches.Contains("ExtendAfterSync")
            && scenario.Setup.Any(operation => operation is { Verb: Verb.Create, File: "f" })
            && scenario.Threads.SelectMany(thread => thread)
                .Any(operation => operation.Sync != SyncKind.None && operation.OffsetBytes >= 8192);
        ShrinkResult result = new Shrinker(Shows).Shrink(Big());

        Assert.True(result.IsMinimal);
        Assert.Equal(["ExtendAfterSync"], result.Scenario.Mount.Switches);
        Assert.Equal(new DeviceModel(), result.Scenario.Device);
        Assert.Single(result.Scenario.Setup);
        Operation write = Assert.Single(Assert.Single(result.Scenario.Threads));
        Assert.Equal((Verb.WriteDirect, SyncKind.DataSync, 8192L, 4096L), (write.Verb, write.Sync, write.OffsetBytes, write.LengthBytes));
        Assert.Equal(PayloadKind.Pattern, write.Payload!.Kind);
    }

    [Fact]
    public void ShrinkingIsDeterministicAndRunsNothingTwice()
    {
        (List<string> Seen, Scenario Result) Run()
        {
            var seen = new List<string>();
            ShrinkResult result = new Shrinker(scenario =>
            {
                seen.Add(scenario.ToText());
                return scenario.OperationCount >= 3;
            }).Shrink(Big());
            return (seen, result.Scenario);
        }

        (List<string> first, Scenario firstResult) = Run();
        (List<string> second, Scenario secondResult) = Run();
        Assert.Equal(first, second);
        Assert.Equal(firstResult.ToText(), secondResult.ToText());
        Assert.Equal(3, firstResult.OperationCount);
        Assert.Equal(first.Count, first.Distinct().Count());
    }

    [Fact]
    public void RunsAreBoundedAndEveryStepIsReported()
    {
        var progress = new Steps();
        ShrinkResult result = new Shrinker(_ => true, new ShrinkOptions { MostRuns = 2, Progress = progress }).Shrink(Big());
        Assert.Equal(2, result.Runs);
        Assert.False(result.IsMinimal);
        Assert.Equal(2, progress.Count);
    }

    [Fact]
    public void CancellationKeepsTheSmallestSoFar()
    {
        using var cancel = new CancellationTokenSource();
        int runs = 0;
        ShrinkResult result = new Shrinker(
            _ =>
            {
                if (++runs == 3)
                    cancel.Cancel();
                return true;
            },
            new ShrinkOptions { Cancellation = cancel.Token }).Shrink(Big());
        Assert.True(result.Scenario.OperationCount < Big().OperationCount);
        Assert.False(result.IsMinimal);
    }

    [Fact]
    public void WhatDoesNotShowItIsRefused() => Assert.Throws<InvariantException>(() => new Shrinker(_ => false).Shrink(Big()));

    private sealed class Steps : IProgress<ShrinkProgress>
    {
        public int Count { get; private set; }

        public void Report(ShrinkProgress value) => Count++;
    }
}
