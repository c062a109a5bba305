using ExtShell.Lab.Scenarios;
using ExtShell.Lab.Scheduling;

namespace ExtShell.TestTools.Defects;

/// <summary>
/// A question of the discussion of 2012 about the list of completed I/O, what the explorer answers, and the run that shows it.
/// </summary>
/// <param name="Question">The question.</param>
/// <param name="Answer">The answer, in lines.</param>
/// <param name="Searched">What was searched for the answer, in one line.</param>
/// <param name="Story">The run, step by step.</param>
public sealed record QuestionOf2012(string Question, IReadOnlyList<string> Answer, string Searched, ScheduleStory Story)
{
    /// <summary>The question with all that belongs to it, as lines of text.</summary>
    public IEnumerable<string> ToLines(int number)
    {
        yield return $"{number}. {Question}";
        foreach (string line in Answer)
            yield return "   " + line;
        yield return "   " + Searched;
        yield return "";
        Scenario scenario = Story.Schedule.Scenario!;
        string switches = scenario.Mount.Switches.Count == 0 ? "cured" : string.Join(' ', scenario.Mount.Switches);
        yield return $"   Ext4CompletedIo2012, {switches}:";
        foreach (string line in scenario.ToText().TrimEnd().Split('\n')
            .Where(static line => !line.StartsWith("mount", StringComparison.Ordinal)))
            yield return "   | " + line;
        yield return "";
        foreach (string line in Story.ToLines().Skip(1))
            yield return "   " + line;
    }
}
