using System.Globalization;
using ExtShell.Check;
using ExtShell.Lab.Crash;
using ExtShell.Lab.Durability;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace ExtShell.Repl.Display;

/// <summary>Reports: the verdict, then tables of what was seen and what was found.</summary>
internal static class ReportPictures
{
    private const int MostRows = 20;

    public static IRenderable Of(CrashReport report)
    {
        var parts = new List<IRenderable> { new Text(report.Summary, report.IsClean ? Colours.Good : Colours.Bad) };
        Table outcomes = Pictures.NewTable().AddColumn("Cuts").AddColumn(new TableColumn("States").RightAligned()).AddColumn("Mount")
            .AddColumn("Tree").AddColumn("Promises");
        foreach (Outcome outcome in report.Outcomes.Take(MostRows))
        {
            bool isKept = outcome.Key.Violations.Length == 0;
            outcomes.AddRow(
                new Text(outcome.Cuts.ToString()),
                new Text(outcome.States.ToString("N0", CultureInfo.InvariantCulture)),
                new Text(outcome.Key.Mount.ToString()),
                Pictures.Dim(outcome.Key.Tree.ToString()[..8]),
                new Text(isKept ? "kept" : "broken", isKept ? Colours.Good : Colours.Bad));
        }

        parts.Add(outcomes);
        if (report.Outcomes.Count > MostRows)
            parts.Add(Pictures.Dim($"… {report.Outcomes.Count - MostRows} more outcomes"));
        if (!report.IsClean)
            parts.AddRange([Findings(report.Findings),
                Pictures.Dim("A finding is told byte by byte by the volume's Tell: v.Tell(_.Findings[0])")]);
        parts.Add(Pictures.Dim(report.Model.Omits));
        return new Rows(parts);
    }

    public static IRenderable Of(CrashFinding finding)
    {
        Violation violation = finding.Violation;
        var grid = new Grid().AddColumn(new GridColumn().NoWrap().PadRight(2)).AddColumn();
        grid.AddRow(new Text(violation.Kind.ToString(), Colours.Bad), new Text(violation.Path, Colours.Title));
        grid.AddRow(Pictures.Dim("promised"), new Text(violation.Promise));
        grid.AddRow(Pictures.Dim("found"), new Text(violation.Found, Colours.Bad));
        grid.AddRow(Pictures.Dim("cuts"), new Text(finding.Cuts.ToString()));
        grid.AddRow(Pictures.Dim("states"), new Text(finding.States.ToString("N0", CultureInfo.InvariantCulture)));
        return new Rows(grid, Pictures.Dim("The volume's Tell tells it byte by byte: v.Tell(_)"));
    }

    public static IRenderable Of(CheckReport report)
    {
        var verdict = new Text(report.ToString().Split('\n')[0], report.IsClean ? Colours.Good : Colours.Bad);
        if (report.Findings.Count == 0)
            return verdict;
        Table table = Pictures.NewTable().AddColumn("Severity").AddColumn("Code").AddColumn("Where").AddColumn("Text");
        foreach (Finding finding in report.Findings.Take(MostRows * 5))
        {
            Style style = finding.Severity switch
            {
                FindingSeverity.Error => Colours.Bad,
                FindingSeverity.Warning => Colours.Warning,
                _ => Colours.Dim,
            };
            table.AddRow(
                new Text(finding.Severity.ToString(), style),
                new Text(finding.Code.ToString()),
                new Text(finding.Where.ToString() ?? ""),
                new Text(finding.Text));
        }

        return new Rows(verdict, table);
    }

    private static Table Findings(IReadOnlyList<CrashFinding> findings)
    {
        Table table = Pictures.NewTable().AddColumn(new TableColumn("#").RightAligned()).AddColumn("Kind").AddColumn("Path")
            .AddColumn("Cuts").AddColumn("Promised").AddColumn("Found");
        for (int i = 0; i < Math.Min(findings.Count, MostRows); i++)
        {
            Violation violation = findings[i].Violation;
            table.AddRow(
                new Text($"{i}"),
                new Text(violation.Kind.ToString(), Colours.Bad),
                new Text(violation.Path),
                new Text(findings[i].Cuts.ToString()),
                new Text(violation.Promise),
                new Text(violation.Found));
        }

        return table;
    }
}
