using System.Text;
using ExtShell.Lab.Scenarios;
using ExtShell.Lab.Scheduling;

namespace ExtShell.PowerShell.Binding;

/// <summary>
/// Stories as timelines in colour: what belongs to the finding stands out, the device's doings step back, the cut is red. Without colour
/// the signs in front of the lines say it.
/// </summary>
public static class StoryDrawing
{
    /// <summary>The story of a crash finding.</summary>
    public static string Of(Story story)
    {
        var text = new StringBuilder();
        foreach (string line in story.ToLines())
            Append(text, line, ColourOf(line));
        return text.ToString().TrimEnd('\n');
    }

    /// <summary>The story of a schedule's finding.</summary>
    public static string Of(ScheduleStory story)
    {
        var text = new StringBuilder();
        foreach (string line in story.ToLines())
            Append(text, line, ColourOf(line));
        return text.ToString().TrimEnd('\n');
    }

    private static string ColourOf(string line) => line switch
    {
        _ when line.Contains("THE POWER FAILS", StringComparison.Ordinal) => "1;31",
        _ when line.StartsWith("  promised:", StringComparison.Ordinal) => "32",
        _ when line.StartsWith("  found:", StringComparison.Ordinal) => "31",
        _ when line.StartsWith('>') => "1;33",
        _ when line.StartsWith("    disk", StringComparison.Ordinal) => "2",
        _ when line.Length > 0 && line[0] != ' ' => "1",
        _ => "",
    };

    private static void Append(StringBuilder text, string line, string colour) =>
        text.Append(TerminalColour.Of(colour, line)).Append('\n');
}
