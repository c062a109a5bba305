using ExtShell.Lab.Scheduling;

namespace ExtShell.Lab.Tests.Scheduling;

public sealed class StoryFoldingTests
{
    [Fact]
    public void ACycleIsToldTwiceAndCounted()
    {
        List<ScheduleStoryLine> lines = [Step(1, "begins"), Inside(1, "calls")];
        for (int round = 0; round < 100; round++)
        {
            lines.AddRange([Step(2 + (2 * round), "tries"), Inside(2 + (2 * round), "fails")]);
            lines.Add(Step(3 + (2 * round), "waits"));
        }

        lines.Add(Step(202, "ends"));
        IReadOnlyList<ScheduleStoryLine> told = StoryFolding.Fold(lines);
        Assert.Equal(
            ["begins", "calls", "tries", "fails", "waits", "tries", "fails", "waits",
                "… the last 2 step(s) come 98 times more, the same each time", "ends"],
            told.Select(line => line.Text));
        Assert.Equal(202, told[^1].Step);
    }

    [Fact]
    public void WhatComesThreeTimesStays()
    {
        List<ScheduleStoryLine> lines = [Step(1, "a"), Step(2, "a"), Step(3, "a"), Step(4, "b")];
        Assert.Equal(lines, StoryFolding.Fold(lines));
        Assert.Empty(StoryFolding.Fold([]));
    }

    [Fact]
    public void PreemptionsAreAllTold()
    {
        List<ScheduleStoryLine> lines = [.. Enumerable.Range(1, 9).Select(number => Step(number, "a") with { IsPreemption = true })];
        Assert.Equal(lines, StoryFolding.Fold(lines));
    }

    private static ScheduleStoryLine Step(int number, string text) => new(number, "thread 1", text, true, [], false);

    private static ScheduleStoryLine Inside(int number, string text) => Step(number, text) with { IsStep = false };
}
