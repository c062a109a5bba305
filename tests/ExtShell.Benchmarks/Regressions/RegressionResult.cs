using System.Globalization;
using System.Text;
using ExtShell.Format.Errors;
using ExtShell.Lab.Scheduling;

namespace ExtShell.TestTools.Regressions;

/// <summary>What a scenario came to under one protocol.</summary>
/// <remarks>Protocols behave the same where <see cref="Behaviour"/> is the same; how many schedules there are is each one's own.</remarks>
public sealed class RegressionResult
{
    private readonly SortedDictionary<string, SortedSet<string>> _endsByCalls = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, SortedSet<string>> _seenByRead = new(StringComparer.Ordinal);

    private RegressionResult(RegressionCase searched) => Case = searched;

    /// <summary>What was searched.</summary>
    public RegressionCase Case { get; }

    /// <summary>The search; null where the protocol refuses the volume.</summary>
    public ScheduleReport? Report { get; private set; }

    /// <summary>Whether nothing was found.</summary>
    public bool IsClean => Report?.IsClean ?? true;

    /// <summary>
    /// How many schedules were run: all there are, or with a + as many as the bound allows; and how many outcomes of cuts. Empty where the
    /// volume was refused.
    /// </summary>
    public string Searched =>
        Report is null ? "" : string.Create(CultureInfo.InvariantCulture, $"{Report.Schedules}{(Report.IsExhaustive ? "" : "+")}{Crashes}");

    /// <summary>What it does, line by line: answers and what files hold in the end, what readers see, what was found.</summary>
    public string Behaviour { get; private set; } = "";

    private string Crashes => Report!.Leaves == 0
        ? ""
        : string.Create(CultureInfo.InvariantCulture, $", {Report.Leaves} crash outcomes{(Report.CrashSearchesCutShort == 0 ? "" : "+")}");

    /// <summary>Searches the schedules of a case.</summary>
    public static RegressionResult Of(RegressionCase searched, ScheduleOptions options)
    {
        var result = new RegressionResult(searched);
        try
        {
            result.Report = ScheduleSearch.Run(searched.Scenario, options with { OnRun = result.Add });
            result.Behaviour = result.Describe();
        }
        catch (FileSystemException refused)
        {
            result.Behaviour = $"  refuses the volume: {refused.Errno}\n";
        }

        return result;
    }

    private void Add(ScheduleRun run)
    {
        if (run is { IsNew: true, Failure: null })
            Add(RunOutcome.Of(run.History));
    }

    private void Add(RunOutcome outcome)
    {
        Add(_endsByCalls, outcome.Calls, outcome.Ends);
        foreach ((string read, string seen) in outcome.Reads)
            Add(_seenByRead, read, seen);
    }

    private static void Add(SortedDictionary<string, SortedSet<string>> into, string key, string value)
    {
        if (!into.TryGetValue(key, out SortedSet<string>? values))
            into.Add(key, values = new SortedSet<string>(StringComparer.Ordinal));
        values.Add(value);
    }

    private string Describe()
    {
        var text = new StringBuilder();
        foreach ((string calls, SortedSet<string> ends) in _endsByCalls)
            Append(text, calls.Length == 0 ? "ends" : calls, ends);
        foreach ((string read, SortedSet<string> seen) in _seenByRead)
            Append(text, read, seen);
        foreach (ScheduleFinding finding in Report!.Findings)
            text.Append("  FOUND ").Append(finding.Kind).Append(": ").Append(finding.Message).Append('\n');
        return text.ToString();
    }

    private static void Append(StringBuilder text, string head, SortedSet<string> values)
    {
        text.Append("  ").Append(head).Append('\n');
        foreach (string value in values)
            text.Append("    -> ").Append(value).Append('\n');
    }
}
