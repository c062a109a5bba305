using System.Globalization;
using ExtShell.Lab.Scheduling;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace ExtShell.Repl.Display;

/// <summary>What searches of schedules saw: the verdict with its findings, and schedules step by step.</summary>
internal static class SchedulePictures
{
    private const int MostRows = 20;

    public static IRenderable Of(ScheduleReport report)
    {
        var verdict = new Text(report.Summary, report.IsClean ? Colours.Good : Colours.Bad);
        if (report.IsClean)
            return verdict;
        Table table = Pictures.NewTable().AddColumn(new TableColumn("#").RightAligned()).AddColumn("Kind")
            .AddColumn(new TableColumn("Schedules").RightAligned()).AddColumn(new TableColumn("Decisions").RightAligned())
            .AddColumn("What");
        for (int i = 0; i < Math.Min(report.Findings.Count, MostRows); i++)
        {
            ScheduleFinding finding = report.Findings[i];
            table.AddRow(
                new Text($"{i}"),
                new Text(finding.Kind.ToString(), Colours.Bad),
                new Text(finding.Schedules.ToString("N0", CultureInfo.InvariantCulture)),
                new Text(finding.Steps.ToString("N0", CultureInfo.InvariantCulture)),
                new Text(finding.Message));
        }

        return new Rows(
            verdict, table, Pictures.Dim("A finding is made small and told step by step: _.Findings[0].Shrink().Finding.Tell()"));
    }

    public static IRenderable Of(ScheduleFinding finding)
    {
        var lines = new List<IRenderable> { new Text($"{finding.Kind}: {finding.Message}", Colours.Bad) };
        lines.AddRange(finding.Details.Select(detail => new Text("  " + detail)));
        lines.Add(Pictures.Dim(finding.Schedule.ToString()));
        lines.Add(Pictures.Dim("_.Tell() tells it step by step; _.Schedule.ToText() is what replays it"));
        return new Rows(lines);
    }

    public static IRenderable Of(ScheduleStory story)
    {
        var time = new Grid()
            .AddColumn(new GridColumn().NoWrap().RightAligned().PadRight(1)).AddColumn(new GridColumn().NoWrap().PadRight(1))
            .AddColumn(new GridColumn().NoWrap().PadRight(2)).AddColumn();
        foreach (ScheduleStoryLine line in story.Lines)
        {
            if (line.IsStep)
                time.AddRow(Pictures.Dim($"{line.Step}"), Mark(line), new Text(line.Actor, Colours.Title), Step(line));
            else
                time.AddRow(Text.Empty, Pictures.Dim("│"), Text.Empty, new Text(line.Text));
        }

        var parts = new List<IRenderable> { new Text(story.Schedule.ToString(), Colours.Title), time };
        foreach (ScheduleFinding finding in story.Findings)
        {
            parts.Add(new Text($"✗ {finding.Kind}: {finding.Message}", Colours.Bad));
            parts.AddRange(finding.Details.Select(detail => new Text("    " + detail)));
        }

        return new Rows(parts);
    }

    private static Text Mark(ScheduleStoryLine line) => line.IsPreemption ? new Text("★", Colours.Warning) : new Text("●", Colours.Dim);

    private static Paragraph Step(ScheduleStoryLine line)
    {
        var text = new Paragraph(line.Text, Colours.Dim);
        return line.Instead.Count == 0
            ? text
            : text.Append($"  or: {string.Join(", ", line.Instead)}", line.IsPreemption ? Colours.Warning : Colours.Dim);
    }
}
