using ExtShell.Lab.Scheduling;
using ExtShell.TestTools.Defects;

namespace ExtShell.Lab.Tests.Defects;

/// <summary>
/// Every historic defect is found with its switches on, by scenarios that say operations and promises only, shrunk and replayed; and the
/// same search finds nothing with them off. <c>EXTSHELL_FULL=1</c> searches the cured state to the end of the row's bounds.
/// </summary>
public sealed class DefectTests
{
    private const long ShareOfSchedules = 300;
    internal static readonly string Folder = Path.Combine(RepositoryRoot(), "examples", "defects");

    public static TheoryData<int, string> Rows
    {
        get
        {
            var rows = new TheoryData<int, string>();
            foreach ((int index, DefectRow row) in DefectRow.Load(Folder).Index())
                rows.Add(index, row.ToString());
            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_defect_is_found_shrunk_replayed_and_not_there_when_cured_and_a_control_is_clean(int index, string name)
    {
        bool isFull = Environment.GetEnvironmentVariable("EXTSHELL_FULL") == "1";
        DefectOutcome outcome = DefectSearch.Show(DefectRow.Load(Folder)[index], isFull ? null : ShareOfSchedules);
        if (outcome.Row.IsControl)
        {
            Assert.True(outcome.Found.IsClean, $"{name}, a control: {outcome.Found}");
        }
        else
        {
            Assert.True(outcome.Finding is not null, $"{name}: not found in {outcome.Found}");
            Assert.True(outcome.Shrunk!.IsReplayed, $"{name}: {outcome.Shrunk.Finding} does not replay");
        }

        Assert.True(outcome.Part is null, $"{name}: seen with fewer switches, {outcome.Part}");
        Assert.True(outcome.Cured is null or { IsClean: true }, $"{name}, cured: {outcome.Cured}");
    }

    /// <summary>A row's cured state may have switches on that its scenario needs: with none on nothing is found either.</summary>
    [Fact]
    public void With_all_switches_off_nothing_is_found()
    {
        static bool IsSwitch(string setting) => setting != "stated" && !setting.Contains('=');
        DefectRow[] rows = [.. DefectRow.Load(Folder).Where(static row => row.Cured.Any(IsSwitch))];
        Assert.NotEmpty(rows);
        Assert.All(rows, static row =>
        {
            DefectRow without = row with { Cured = [.. row.Cured.Where(static setting => !IsSwitch(setting))] };
            ScheduleReport report = DefectSearch.Cure(without, ShareOfSchedules);
            Assert.True(report.IsClean, $"{row}, all switches off: {report}");
        });
    }

    [Fact]
    public void Scenarios_do_not_name_switches_and_every_one_has_a_row()
    {
        IReadOnlyList<DefectRow> rows = DefectRow.Load(Folder);
        foreach (DefectRow row in rows)
            Assert.DoesNotContain("switches=", row.Text, StringComparison.Ordinal);
        Assert.Equal(
            Directory.GetFiles(Folder, "*.scenario").Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal),
            rows.Select(static row => row.ScenarioName).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(Enumerable.Range(1, 25).Select(static number => $"D{number}"), rows.Select(static row => row.Id).Distinct());
    }

    /// <summary>Times differ from machine to machine; what was looked for, where, and what is seen do not.</summary>
    [Fact]
    public void The_readme_has_the_rows_of_the_table()
    {
        IEnumerable<string> printed = File.ReadLines(Path.Combine(Folder, "..", "..", "README.md"))
            .Where(static line => line is ['|', ' ', 'D', >= '0' and <= '9', ..])
            .Select(static line => Array.ConvertAll(line.Trim('|', ' ').Split('|'), static cell => cell.Trim()))
            .Select(static cells => string.Join(" | ", [.. cells.Take(5), cells[6]]));
        IEnumerable<string> rows = DefectRow.Load(Folder).Select(static row => string.Join(
            " | ", row.Id, row.Protocol, string.Join(' ', row.Defective), row.ScenarioName, row.Search,
            row.IsStated ? "StaleExposed" : row.Seen));
        Assert.Equal(rows, printed);
    }

    private static string RepositoryRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "ExtShell.sln")))
            folder = Path.GetDirectoryName(folder);
        return folder ?? throw new DirectoryNotFoundException("the tests are not run from the repository");
    }
}
