using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace ExtShell.Benchmarks;

/// <summary>
/// What the seam for threads costs where nothing is explored: direct writes by this engine against the same engine built without the seam
/// (WITHOUT_SEAM): no footprints, no explicit yields, no check of context, thread and strategy at waits, no switch of caller at calls, and
/// the protocol called as the class that it is. Asynchronous methods are in both.
/// </summary>
/// <remarks>
/// Both engines are loaded into one process, and take turns, in changing order; processor time is what counts. They are
/// loaded several times, since where code and memory come to lie makes a difference too. Printed is the median of all pairs' quotients;
/// beside it the same of the engine against itself, which says what the figure is worth.
/// </remarks>
internal static class SeamBenchmark
{
    private const int Loads = 5;
    private const int Pairs = 30;
    private const int WarmRounds = 40;
    private static readonly int[] Orders = [0, 1, 2, 1, 2, 0, 2, 0, 1, 0, 2, 1, 2, 1, 0, 1, 0, 2];

    public static void Run(string[] arguments)
    {
        string folder = Path.Combine(Path.GetTempPath(), $"extshell-seam-{Environment.ProcessId}");
        try
        {
            Build(folder);
            string without = Path.Combine(folder, "bin", "ExtShell.Engine", "release");
            var results = new List<Pair>();
            for (int load = 0; load < Loads; load++)
            {
                Workload[] with = Load(AppContext.BaseDirectory), bare = Load(without), again = Load(AppContext.BaseDirectory);
                for (int i = 0; i < with.Length; i++)
                    Compare(with[i], bare[i], again[i], results);
            }

            Print(results);
        }
        finally
        {
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
        }
    }

    private static void Compare(in Workload with, in Workload without, in Workload again, List<Pair> into)
    {
        for (int i = 0; i < WarmRounds; i++)
            _ = (Measure(with), Measure(without), Measure(again));
        Workload[] engines = [with, without, again];
        double[] seconds = new double[engines.Length];
        for (int pair = 0; pair < Pairs; pair++)
        {
            ReadOnlySpan<int> order = Orders.AsSpan(pair % 6 * engines.Length, engines.Length);
            foreach (int engine in order)
                seconds[engine] = Measure(engines[engine]);
            into.Add(new Pair(with.What, seconds[0] / with.Writes * 1e9, seconds[0] / seconds[1], seconds[0] / seconds[2]));
        }
    }

    private static void Print(List<Pair> results)
    {
        Console.WriteLine($"the engine against itself without the seam: medians of {Loads * Pairs} pairs of rounds, processor time");
        foreach (IGrouping<string, Pair> pairs in results.GroupBy(pair => pair.What))
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{pairs.Key,-40} {Median(pairs.Select(pair => pair.Nanoseconds)),9:N0} ns a write; the seam costs "
                + $"{(Median(pairs.Select(pair => pair.Seam)) - 1) * 100,5:N1} % (the engine against itself: "
                + $"{(Median(pairs.Select(pair => pair.Itself)) - 1) * 100:N1} %)"));
        }
    }

    private static double Measure(in Workload workload)
    {
        workload.Begin();
        TimeSpan start = Environment.CpuUsage.TotalTime;
        workload.Round();
        return (Environment.CpuUsage.TotalTime - start).TotalSeconds;
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    private static void Build(string folder)
    {
        string project = Path.Combine(Path.GetDirectoryName(SourcePath())!, "../../src/ExtShell.Engine/ExtShell.Engine.csproj");
        using Process build = Process.Start("dotnet",
            ["build", project, "-c", "Release", "-v", "q", "--nologo", "--artifacts-path", folder, "-p:DefineConstants=WITHOUT_SEAM",
                "-p:TreatWarningsAsErrors=false", "-p:NoWarn=CS0169%3BIDE0005"]);
        build.WaitForExit();
        if (build.ExitCode != 0)
            throw new InvalidOperationException("the engine without the seam was not built");
    }

    private static Workload[] Load(string folder)
    {
        var context = new AssemblyLoadContext(folder);
        context.Resolving += (_, wanted) =>
            Path.Combine(folder, wanted.Name + ".dll") is var path && File.Exists(path) ? context.LoadFromAssemblyPath(path) : null;
        // preloaded, since the context asks the program's own assemblies first
        context.LoadFromAssemblyPath(Path.Combine(folder, "ExtShell.Format.dll"));
        context.LoadFromAssemblyPath(Path.Combine(folder, "ExtShell.Engine.dll"));
        Assembly own = context.LoadFromAssemblyPath(typeof(SeamWorkloads).Assembly.Location);
        MethodInfo make = own.GetType(typeof(SeamWorkloads).FullName!, throwOnError: true)!.GetMethod(nameof(SeamWorkloads.Make))!;
        var made = ((string What, int Writes, Action Begin, Action Round)[])make.Invoke(null, null)!;
        return [.. made.Select(workload => new Workload(workload.What, workload.Writes, workload.Begin, workload.Round))];
    }

    private static string SourcePath([CallerFilePath] string path = "") => path;

    private readonly record struct Workload(string What, int Writes, Action Begin, Action Round);

    private readonly record struct Pair(string What, double Nanoseconds, double Seam, double Itself);
}
