using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ExtShell.Engine.Devices;
using ExtShell.Format.Errors;
using ExtShell.Lab.Durability;
using ExtShell.Lab.Scenarios;
using ExtShell.Lab.Scheduling;

namespace ExtShell.TestTools.Traces;

/// <summary>
/// All that a few schedules of a scenario do, byte by byte: what was on offer at each decision and what was picked, every call with its
/// answer and what it saw, every write with when it was submitted and ended and what it wrote, how the run ended, and what was found.
/// </summary>
public static class RunTrace
{
    private const long Schedules = 3;
    private const ulong Seed = 7;

    /// <summary>The trace of the first schedules that a strategy chooses.</summary>
    public static byte[] Of(Scenario scenario, SearchStrategy strategy, ulong seed = Seed)
    {
        using var trace = new MemoryStream();
        var options = new ScheduleOptions
        {
            Strategy = strategy, Seed = seed, MostSchedules = Schedules, Workers = 1, OnRun = run => Write(run, trace),
        };
        try
        {
            ScheduleReport report = ScheduleSearch.Run(scenario, options);
            Line(trace, $"{report}");
            foreach (ScheduleFinding finding in report.Findings)
                Line(trace, $"{finding}\n{finding.Schedule.ToText()}");
        }
        catch (FileSystemException refused)
        {
            Line(trace, $"{refused.Message}");
        }

        return trace.ToArray();
    }

    /// <summary>The traces of all strategies, as a line: their digest and the case's name.</summary>
    public static string Digest(ExampleCase example)
    {
        using var all = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (SearchStrategy strategy in Enum.GetValues<SearchStrategy>())
            all.AppendData(Of(example.Scenario, strategy));
        return $"{Convert.ToHexStringLower(all.GetHashAndReset())}  {example.Name}";
    }

    private static void Write(ScheduleRun run, MemoryStream trace)
    {
        foreach (ScheduleDecision decision in run.Decisions)
            Line(trace, $"{decision}");
        foreach (RecordedCall call in run.History.Calls)
        {
            Line(trace, $"{call}: {call.Called}, {call.Returned}, {call.Acknowledged}: {call.Result} {call.Error}");
            trace.Write(call.Seen.Span);
        }

        foreach (LoggedBio bio in run.History.Log!.Bios)
        {
            string lived = FormattableString.Invariant($"from {bio.SubmittedAt} to {bio.CompletedAt}: {bio.Error}");
            Line(trace, $"{bio.Operation} fua={bio.IsFua} {bio.OffsetBytes}+{bio.LengthBytes} of {bio.Origin} {lived}");
            trace.Write(bio.Data.Span);
        }

        Line(trace, $"{(run.IsNew ? "new" : "known")} {run.Failure?.Message}");
    }

    private static void Line(MemoryStream trace, FormattableString text) =>
        trace.Write(Encoding.UTF8.GetBytes(text.ToString(CultureInfo.InvariantCulture) + "\n"));
}
