using System.Text;
using ExtShell.Lab.Scenarios;
using ExtShell.Lab.Scheduling;

namespace ExtShell.PowerShell.Binding;

/// <summary>
/// Stories as timelines in colour: what belongs to the finding stands out, the device's doings step back, the cut is red. PowerShell takes the colour out
/// where there is no terminal, or NO_COLOR is set; the signs in front of the lines stay.
/// </summary>
public static class StoryDrawing
{
    private const string Reset = "\e[0m";

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
        _ when line.Contains("THE POWER FAILS", StringComparison.Ordinal) => "\e[1;31m",
        _ when line.StartsWith("  promised:", StringComparison.Ordinal) => "\e[32m",
        _ when line.StartsWith("  found:", StringComparison.Ordinal) => "\e[31m",
        _ when line.StartsWith('>') => "\e[1;33m",
        _ when line.StartsWith("    disk", StringComparison.Ordinal) => "\e[2m",
        _ when line.Length > 0 && line[0] != ' ' => "\e[1m",
        _ => "",
    };

    private static void Append(StringBuilder text, string line, string colour) =>
        text.Append(colour).Append(line).Append(colour.Length > 0 ? Reset : "").Append('\n');
}
