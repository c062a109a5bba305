using ExtShell.Lab.Scenarios;
using ExtShell.Lab.Scheduling;

namespace ExtShell.Lab.Tests.Scheduling;

public sealed class ScheduleTextTests
{
    private static readonly Schedule Example = new()
    {
        Name = "two writers",
        Scenario = new Scenario { Name = "two writers", Setup = [Operation.Create("f", "/f")], Threads = [[Operation.Truncate("f", 0)]] },
        Origin = "random, seed 7",
        Shows = "Deadlock",
        Decisions = [Decision(0, "t1", "t2"), Decision(1, "caller", "io12"), Decision(1, "caller", "io12"), Decision(2, "t1", "t2", "io3")],
    };

    [Fact]
    public void TextAndScheduleAreEachOthersInverse()
    {
        string text = Example.ToText();
        Schedule parsed = Schedule.Parse(text);
        Assert.Equal(text, parsed.ToText());
        Assert.Equal(Example.Decisions, parsed.Decisions);
        Assert.Equal(Example.Scenario!.ToText(), parsed.Scenario!.ToText());
        Assert.Contains("  io12 of caller io12 x2\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatActorsWereAboutToDoAndStepsWithOneChoiceAreKept()
    {
        const string text = """
            schedule 1
            name x
            decisions 3
              t1:start x2
              t1 of t1:yield t2:lock
              io3:end
              t2 of t1:handle t2:data x2
              t2:commit
              t2:work
              caller:event
            end

            """;
        string unix = text.ReplaceLineEndings("\n");
        Schedule parsed = Schedule.Parse(unix);
        Assert.Equal(unix, parsed.ToText());
        Assert.Equal([2, 1, 0], parsed.Decisions.Select(static decision => decision.Before.Count));
        Assert.Equal([ScheduleStepKind.Yield, ScheduleStepKind.Lock], parsed.Decisions[0].Kinds);
        Assert.Equal(3, parsed.After.Count);
    }

    [Theory]
    [InlineData("schedule 1\nname x\ndecisions 1\n  t1 of t1:yield t3\nend\n", 4)]
    [InlineData("schedule 1\nname x\ndecisions 1\n  t1 of t1:sleep t3:lock\nend\n", 4)]
    [InlineData("schedule 1\nname x\ndecisions 0\n  t1 of t1 t3\nend\n", 4)]
    [InlineData("schedule 2\n", 1)]
    [InlineData("schedule 1\nname x\ndecisions 1\n  t1 of t2 t3\nend\n", 4)]
    [InlineData("schedule 1\nname x\ndecisions 2\n  t1 of t1 t3 x3\nend\n", 4)]
    [InlineData("schedule 1\nname x\ndecisions 1\n  t1 t2\nend\n", 4)]
    [InlineData("schedule 1\nname x\ndecisions 1\n  q1 of q1 t2\nend\n", 4)]
    [InlineData("schedule 1\nname x\nscenario\n  nonsense\ndecisions 0\nend\n", 3)]
    [InlineData("schedule 1\nname x\ndecisions 0\n", 4)]
    public void MalformedTextNamesTheLine(string text, int line) =>
        Assert.Equal(line, Assert.Throws<ScheduleFormatException>(() => Schedule.Parse(text)).Line);

    private static ScheduleDecision Decision(int pick, params string[] choices)
    {
        ScheduleActor[] actors = [.. choices.Select(text => text == "caller" ? new ScheduleActor(false, -1)
            : new ScheduleActor(text[0] == 'i', int.Parse(text.TrimStart('t', 'i', 'o'),
                System.Globalization.CultureInfo.InvariantCulture)))];
        return new ScheduleDecision(pick, actors);
    }
}
