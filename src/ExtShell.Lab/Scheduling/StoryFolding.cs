using System.Globalization;

namespace ExtShell.Lab.Scheduling;

/// <summary>
/// Takes the repetitions out of a schedule's story: a livelock goes round for thousands of steps, and two rounds say all of it. A cycle of
/// up to <see cref="MostCycleSteps"/> steps that comes <see cref="FewestRounds"/> times or more in a row is told twice, and the others are
/// counted.
/// </summary>
internal static class StoryFolding
{
    private const int MostCycleSteps = 8;
    private const int FewestRounds = 4;
    private const int RoundsTold = 2;

    public static IReadOnlyList<ScheduleStoryLine> Fold(IReadOnlyList<ScheduleStoryLine> lines)
    {
        List<(int First, int Count, string Text)> steps = Steps(lines);
        var told = new List<ScheduleStoryLine>(lines.Take(steps.Count == 0 ? lines.Count : steps[0].First));
        for (int at = 0; at < steps.Count;)
        {
            (int cycle, int rounds) = CycleAt(steps, at);
            int tell = rounds < FewestRounds ? 1 : cycle * RoundsTold;
            for (int step = at; step < at + tell; step++)
                told.AddRange(lines.Skip(steps[step].First).Take(steps[step].Count));
            if (rounds >= FewestRounds)
                told.Add(Note(lines[steps[at + tell - 1].First], cycle, rounds - RoundsTold));
            at += rounds < FewestRounds ? 1 : cycle * rounds;
        }

        return told;
    }

    private static List<(int First, int Count, string Text)> Steps(IReadOnlyList<ScheduleStoryLine> lines)
    {
        var steps = new List<(int, int, string)>();
        for (int first = 0; first < lines.Count;)
        {
            int end = first + 1;
            while (end < lines.Count && !lines[end].IsStep)
                end++;
            if (lines[first].IsStep)
                steps.Add((first, end - first, string.Join('\n', lines.Skip(first).Take(end - first).Select(Key))));
            first = end;
        }

        return steps;
    }

    /// <summary>What makes two steps the same; a decision that took the processor away is like no other.</summary>
    private static string Key(ScheduleStoryLine line) => line.IsPreemption
        ? line.Step.ToString(CultureInfo.InvariantCulture)
        : $"{line.Actor}\t{line.Text}\t{string.Join('\t', line.Instead)}";

    private static (int Cycle, int Rounds) CycleAt(List<(int First, int Count, string Text)> steps, int at)
    {
        for (int cycle = 1; cycle <= MostCycleSteps; cycle++)
        {
            int same = at;
            while (same + cycle < steps.Count && steps[same].Text == steps[same + cycle].Text)
                same++;
            int rounds = 1 + ((same - at) / cycle);
            if (rounds >= FewestRounds)
                return (cycle, rounds);
        }

        return (1, 1);
    }

    private static ScheduleStoryLine Note(ScheduleStoryLine last, int cycle, int more) => last with
    {
        IsStep = false,
        Text = string.Create(CultureInfo.InvariantCulture, $"… the last {cycle} step(s) come {more:N0} times more, the same each time"),
        Instead = [],
    };
}
