using ExtShell.Engine.Devices;
using ExtShell.Engine.Volumes;
using ExtShell.Lab.Durability;
using ExtShell.Lab.Scenarios;
using ExtShell.Lab.Scheduling;

namespace ExtShell.Lab.Tests.Scheduling;

/// <summary>Runs use the memory of older ones: nothing that outlives a run may notice.</summary>
public sealed class RunMemoryTests
{
    private static Scenario Defective { get; } = new()
    {
        Name = "barriers ignored",
        Mount = new MountOptions { Barrier = BarrierMode.Ignored },
        Setup = [Operation.Create("f", "/f"), Operation.WriteDirect("f", 0, 4096, Payload.Pattern(1)),
            Operation.Create("g", "/g"), Operation.Create("h", "/h")],
        Threads =
        [
            [Operation.WriteDirect("f", 4096, 4096, Payload.Pattern(2)), Operation.Fsync("f")],
            [Operation.WriteDirect("g", 0, 4096, Payload.Pattern(3)), Operation.WriteDirect("g", 4096, 4096, Payload.Pattern(4))],
            [Operation.WriteDirect("h", 0, 4096, Payload.Pattern(5)), Operation.WriteDirect("h", 4096, 4096, Payload.Pattern(6))],
        ],
    };

    [Fact]
    public void WhatAFindingShowsStaysWhileTheSearchGoesOn()
    {
        var seen = new List<(ScheduleFinding Finding, UInt128 Image)>();
        var options = new ScheduleOptions
        {
            MostSchedules = 60, Workers = 1, ExploresCrashStates = true, OnFinding = finding => seen.Add((finding, ImageOf(finding))),
        };
        ScheduleReport report = ScheduleSearch.Run(Defective, options);
        Assert.True(report.Schedules == 60 && seen.Exists(entry => entry.Finding.Crash?.Example?.Versions.Count > 0), report.ToString());
        Assert.All(seen, entry => Assert.Equal(entry.Image, ImageOf(entry.Finding)));
    }

    [Fact]
    public void WhatIsToldOfARunStaysWhileTheSearchGoesOn()
    {
        var seen = new List<(ScheduleRun Run, UInt128 Bytes)>();
        var options = new ScheduleOptions { MostSchedules = 60, Workers = 1, OnRun = run => seen.Add((run, BytesOf(run))) };
        ScheduleSearch.Run(Defective, options);
        Assert.Equal(60, seen.Count);
        Assert.All(seen, entry => Assert.Equal(entry.Bytes, BytesOf(entry.Run)));
    }

    [Fact]
    public void ARunDoesNotDependOnThoseBeforeIt()
    {
        var options = new ScheduleOptions { MostSchedules = 32, Workers = 1, ExploresCrashStates = true };
        ScheduleReport all = ScheduleSearch.Run(Defective, options);
        foreach (ScheduleFinding finding in all.Findings)
        {
            ScheduleReplay alone = ScheduleSearch.Replay(finding.Schedule, options);
            Assert.Contains(alone.Findings, other => other.Message == finding.Message);
        }
    }

    private static UInt128 BytesOf(ScheduleRun run)
    {
        var fingerprint = new Fingerprint();
        foreach (RecordedCall call in run.History.LoggedCalls)
        {
            fingerprint.Add(call.Seen.Span);
            fingerprint.Add(call.Operation.Bytes.Span);
        }

        foreach (LoggedBio bio in run.History.Log!.Bios)
            fingerprint.Add(bio.Data.Span);
        return fingerprint.Value;
    }

    private static UInt128 ImageOf(ScheduleFinding finding)
    {
        var fingerprint = new Fingerprint();
        if (finding.Crash?.Example?.ToStorage() is { } image)
        {
            for (long offset = 0; offset < image.LengthBytes; offset += PagedMemory.PageSizeBytes)
                fingerprint.Add(image.Read(offset, PagedMemory.PageSizeBytes));
        }

        return fingerprint.Value;
    }
}
