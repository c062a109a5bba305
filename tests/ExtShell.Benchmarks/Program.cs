using ExtShell.Benchmarks;
using ExtShell.TestTools.Defects;

// dotnet run -c Release --project tests/ExtShell.Benchmarks -- NAME [arguments]
var benchmarks = new SortedDictionary<string, Action<string[]>>(StringComparer.Ordinal)
{
    ["crash"] = CrashBenchmark.Run,
    ["defects"] = DefectTable.Run,
    ["questions2012"] = static arguments => Console.Write(new QuestionsOf2012(
        arguments.Length > 0 ? arguments[0] : Path.Combine("examples", "defects")).Tell()),
    ["stress2012"] = StressTable.Run,
    ["truncate2012"] = TruncateTable.Run,
    ["direct"] = DirectWriteBenchmark.Run,
    ["import"] = ImportBenchmark.Run,
    ["regressions"] = RegressionsCommand.Run,
    ["schedules"] = ScheduleBenchmark.Run,
    ["seam"] = SeamBenchmark.Run,
    ["script"] = ScriptBenchmark.Run,
    ["traces"] = TracesCommand.Run,
};
if (args.Length == 0 || !benchmarks.TryGetValue(args[0], out Action<string[]>? benchmark))
{
    Console.Error.WriteLine("usage: ExtShell.Benchmarks " + string.Join(" | ", benchmarks.Keys));
    return 2;
}

benchmark(args[1..]);
return 0;
