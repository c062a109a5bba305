using System.Diagnostics;
using ExtShell.Engine.IO;
using ExtShell.TestTools.Defects;

namespace ExtShell.Benchmarks;

/// <summary>
/// The test case of 2012 at its size, under every protocol that can preallocate, at several latencies of the device: <c>truncate2012</c>.
/// </summary>
internal static class TruncateTable
{
    private static readonly long[] LatenciesNanoseconds = [200_000, 1_000_000, 5_000_000, 20_000_000];
    private static readonly long[] MemoryLatenciesNanoseconds = [20_000, 200_000, 1_000_000];

    public static void Run(string[] arguments)
    {
        Console.WriteLine("| protocol | device latency | writes done before | truncate took (simulated) | empty | all blocks free | "
            + "consistent | seconds |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|");
        foreach (string protocol in WriteProtocols.Names)
        {
            if (protocol != "Ext3Indirect") // it has no unwritten blocks to preallocate
                Print(protocol, []);
        }

        Print("Ext4CompletedIo2012", ["WorkerTriesInodeLock"]);
    }

    private static void Print(string protocol, string[] switches)
    {
        bool isMemory = WriteProtocols.Describe(protocol).DataPath == DataPath.Memory;
        string[] cycle = [];
        foreach (long latency in isMemory ? MemoryLatenciesNanoseconds : LatenciesNanoseconds)
        {
            long began = Stopwatch.GetTimestamp();
            TestCaseOf2012Result result = TestCaseOf2012.Run(protocol, switches, latency);
            string took = result.IsLivelock ? $"never returned: livelock, a fair cycle of {result.Cycle.Count} steps"
                : FormattableString.Invariant($"{result.TruncateNanoseconds / 1e6:N1} ms");
            string state = result.IsLivelock ? "| | | |" : $"| {result.IsEmpty} | {result.WereAllFreed} | {result.IsConsistent} |";
            string settings = string.Join(' ', [protocol, .. switches]);
            double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
            Console.WriteLine(FormattableString.Invariant(
                $"| {settings} | {latency / 1e6:0.##} ms | {result.WritesBefore:N0} | {took} {state} {seconds:F1} |"));
            cycle = [.. result.Cycle];
        }

        foreach (string step in cycle)
            Console.WriteLine($"  cycle: {step}");
    }
}
