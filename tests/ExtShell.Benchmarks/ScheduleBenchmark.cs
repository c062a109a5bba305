using System.Globalization;
using ExtShell.Lab.Scenarios;
using ExtShell.Lab.Scheduling;

namespace ExtShell.Benchmarks;

/// <summary>
/// Schedules a second on one core: two direct writers and a truncate, set-up left out, with everything that a search does to a schedule:
/// mount of the set-up's volume, run, final reads, judgement. Processor time of the whole process is what counts, so that a busy machine
/// does not matter. Counted are schedules that were run; the median of several searches with seeds of their own.
/// </summary>
internal static class ScheduleBenchmark
{
    private const int Rounds = 11;
    private const int SchedulesARound = 3_000;

    private static readonly Scenario WritersAndTruncate = new()
    {
        Name = "two writers and a truncate",
        Setup = [Operation.Create("f", "/f"), Operation.WriteDirect("f", 0, 16384, Payload.Pattern(1))],
        Threads =
        [
            [.. Writes(2, 0, 20480, 4096, 8192, 12288, 0)],
            [.. Writes(8, 8192, 4096, 24576, 0, 12288, 4096)],
            [Operation.Truncate("f", 12288), Operation.ReadDirect("f", 0, 4096)],
        ],
    };

    private static IEnumerable<Operation> Writes(int pattern, params long[] offsets) =>
        offsets.Select((offset, i) => Operation.WriteDirect("f", offset, 4096, Payload.Pattern(pattern + i)));

    public static void Run(string[] arguments)
    {
        SearchStrategy[] strategies = arguments.Length > 0 ? [Enum.Parse<SearchStrategy>(arguments[0])] : Enum.GetValues<SearchStrategy>();
        foreach (SearchStrategy strategy in strategies)
            Measure(strategy);
    }

    private static void Measure(SearchStrategy strategy)
    {
        var rates = new List<double>();
        ScheduleReport? report = null;
        long bytes = 0;
        for (int round = -2; round < Rounds; round++)
        {
            var options = new ScheduleOptions { Strategy = strategy, Seed = (ulong)(round + 3), MostSchedules = SchedulesARound,
                Workers = 1 };
            long allocated = GC.GetAllocatedBytesForCurrentThread();
            TimeSpan start = Environment.CpuUsage.TotalTime;
            report = ScheduleSearch.Run(WritersAndTruncate, options);
            if (round >= 0)
                rates.Add(report.Schedules / (Environment.CpuUsage.TotalTime - start).TotalSeconds);
            bytes = (GC.GetAllocatedBytesForCurrentThread() - allocated) / Math.Max(1, report.Schedules);
        }

        rates.Sort();
        Console.WriteLine(report!.Summary);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{strategy,-18} median {rates[Rounds / 2]:N0} schedules a second of processor time, collector included; "
            + $"{report.Steps / (double)report.Schedules:N1} steps and {report.Decisions / (double)report.Schedules:N1} decisions each; "
            + $"{bytes:N0} bytes allocated each"));
    }
}
