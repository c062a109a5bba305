using System.Diagnostics;
using ExtShell.Engine.IO;
using ExtShell.TestTools.Defects;

namespace ExtShell.Benchmarks;

/// <summary>The test case of 2012 at its size, under every protocol that can preallocate, at several latencies of the device: <c>truncate2012</c>.</summary>
internal static class TruncateTable
{
    private static readonly long[] LatenciesNanoseconds = [1_000_000, 5_000_000, 20_000_000];

    public static void Run(string[] arguments)
    {
        Console.WriteLine("| protocol | device latency | writes done before | truncate took (simulated) | empty | all blocks free | consistent | seconds |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|");
        foreach (string protocol in WriteProtocols.Names)
        {
            if (protocol is not ("Ext3Indirect" or "Ext4Dax2014"))
                Print(protocol, []);
        }

        if (WriteProtocols.Names.Contains("Ext4CompletedIo2012"))
            Print("Ext4CompletedIo2012", ["WorkerTriesInodeLock"]);
    }

    private static void Print(string protocol, string[] switches)
    {
        foreach (long latency in LatenciesNanoseconds)
        {
            long began = Stopwatch.GetTimestamp();
            TestCaseOf2012.Result result = TestCaseOf2012.Run(protocol, switches, latency);
            string took = result.Returned ? FormattableString.Invariant($"{result.TruncateNanoseconds / 1e6:N1} ms") : "never returned";
            Console.WriteLine(FormattableString.Invariant(
                $"| {protocol} {string.Join(' ', switches)} | {latency / 1e6:N0} ms | {result.WritesBefore:N0} | {took} | {result.IsEmpty} | {result.WereAllFreed} | {result.IsConsistent} | {Stopwatch.GetElapsedTime(began).TotalSeconds:F1} |"));
        }
    }
}
