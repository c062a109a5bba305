using System.Globalization;
using ExtShell.Lab.Scheduling;
using ExtShell.TestTools.Defects;

namespace ExtShell.Benchmarks;

/// <summary>
/// Prints the table of the historic defects: each found with its switches on, shrunk, replayed, and looked for in vain with them off.
/// <c>defects [--cured N] [--only D5,D12] [--folder PATH]</c>; with <c>--generate</c> the generator looks for them, without their
/// scenarios.
/// </summary>
internal static class DefectTable
{
    public static void Run(string[] arguments)
    {
        string folder = Value(arguments, "--folder") ?? Path.Combine("examples", "defects");
        long? cured = Value(arguments, "--cured") is { } text ? long.Parse(text, CultureInfo.InvariantCulture) : null;
        string[] only = Value(arguments, "--only")?.Split(',') ?? [];
        if (arguments.Contains("--generate"))
        {
            Generate(folder, only);
            return;
        }

        Console.WriteLine("| defect | protocol | settings | scenario | search | found after | what is seen | shrunk to | cured |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|");
        int shown = 0, all = 0;
        foreach (DefectRow row in DefectRow.Load(folder))
        {
            if (only.Length > 0 && !only.Contains(row.Id))
                continue;
            all++;
            Console.WriteLine(Line(row, cured, ref shown));
        }

        Console.WriteLine();
        Console.WriteLine($"{shown} of {all} rows shown");
    }

    private static void Generate(string folder, string[] only)
    {
        Console.WriteLine("| defect | protocol | settings | seed | what is seen | schedules |");
        Console.WriteLine("|---|---|---|---|---|---|");
        int found = 0;
        var done = new HashSet<string>();
        var ids = new HashSet<string>();
        IReadOnlyList<DefectRow> rows = DefectRow.Load(folder);
        foreach (DefectRow row in rows)
        {
            string settings = string.Join(' ', row.Defective);
            if (row.IsStated || row.IsControl || (only.Length > 0 && !only.Contains(row.Id)) || !done.Add($"{row.Protocol} {settings}"))
                continue;
            GeneratedDefect outcome = new DefectGeneration().Search(row, rows);
            if (outcome.Finding is not null && ids.Add(row.Id))
                found++;
            string seen = outcome.Finding is null ? "nothing" : $"{outcome.Finding.Kind} {outcome.Finding.Violation?.Kind}";
            Console.WriteLine(FormattableString.Invariant(
                $"| {row.Id} | {row.Protocol} | {settings} | {outcome.Seed} | {seen} | {outcome.Schedules:N0} |"));
        }

        Console.WriteLine();
        Console.WriteLine($"{found} defects found by the generator");
    }

    private static string Line(DefectRow row, long? cured, ref int shown)
    {
        DefectOutcome outcome;
        try
        {
            outcome = DefectSearch.Show(row, cured);
        }
        catch (Exception failure) when (failure is FormatException or Format.Errors.FileSystemException or NotSupportedException
            or ArgumentException)
        {
            return $"| {row.Id} | {row.Protocol} | {string.Join(' ', row.Defective)} | {row.ScenarioName} | {row.Search} | "
                + $"{failure.Message} | | | | |";
        }

        shown += outcome.IsShown ? 1 : 0;
        string found = outcome.Finding is null
            ? row.IsControl ? Control(outcome) : $"NOT in {outcome.Found.Summary} {string.Join("; ", outcome.Found.Findings.Take(3))}"
            : $"{Effort(outcome.Finding.Number, outcome.Found.Leaves)}, {Seconds(outcome.FindTime)}";
        string shrunk = outcome.Shrunk is null ? "" : Size(outcome.Shrunk);
        string seen = outcome.Finding is null
            ? row.IsControl ? "nothing" : ""
            : (outcome.Finding.Violation?.Kind.ToString() ?? outcome.Finding.Kind.ToString());
        return $"| {row.Id} | {row.Protocol} | {string.Join(' ', row.Defective)} | {row.ScenarioName} | {row.Search} | {found} | {seen} | "
            + $"{shrunk} | {Cure(outcome)} |";
    }

    private static string Control(DefectOutcome outcome) =>
        $"control: not in {Effort(outcome.Found.Schedules, outcome.Found.Leaves)}, "
            + $"{Seconds(outcome.FindTime)}{(outcome.Found.IsExhaustive ? ", exhaustive" : "")}";

    private static string Cure(DefectOutcome outcome)
    {
        if (outcome.Cured is not { } cured)
            return "nothing closes it: stated";
        string closes = outcome.Row.Cured.Count == 0 ? "" : $"{string.Join(' ', outcome.Row.Cured)}: ";
        string verdict = cured.IsClean ? cured.IsExhaustive ? "clean, exhaustive" : "clean" : "NOT CLEAN: " + cured.Findings[0].Message;
        return $"{closes}{Effort(cured.Schedules, cured.Leaves)}, {Seconds(outcome.CureTime)}: {verdict}";
    }

    private static string Size(ScheduleShrinkResult shrunk)
    {
        int operations = shrunk.Finding.Scenario!.Threads.Sum(static thread => thread.Count);
        return $"{Count(operations, "operation")}, {Count(shrunk.Finding.Schedule.Preemptions, "preemption")}"
            + (shrunk.IsReplayed ? "" : ", DOES NOT REPLAY");
    }

    private static string Effort(long schedules, long leaves) =>
        leaves == 0 ? Count(schedules, "schedule") : $"{Count(schedules, "schedule")}, {Count(leaves, "leaf", "leaves")}";

    private static string Count(long number, string one, string? more = null) =>
        string.Create(CultureInfo.InvariantCulture, $"{number:N0} {(number == 1 ? one : more ?? one + "s")}");

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:F1} s");

    private static string? Value(string[] arguments, string name)
    {
        int index = Array.IndexOf(arguments, name);
        return index >= 0 && index + 1 < arguments.Length ? arguments[index + 1] : null;
    }
}
