using System.Diagnostics;
using System.Globalization;

namespace ExtShell.Benchmarks;

/// <summary>
/// How long the console program takes to start: with nothing to run (--version), with an empty script, and with examples/first-crash.csx up
/// to its first line, the first time (it is compiled) and the second (it is found). Whole processes; medians of rounds, in each of which
/// every case has its turn, and the median of the rounds' differences. The argument says how many rounds.
/// </summary>
internal static class ScriptBenchmark
{
    private const string Script = "first-crash.csx";

    public static void Run(string[] arguments)
    {
        int rounds = arguments.Length > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : 9;
        string root = Root();
        string program = Path.Combine(root, "src", "ExtShell.Repl", "bin", Configuration(), "net10.0", "extshell.dll");
        if (!File.Exists(program))
            throw new FileNotFoundException($"build it first: dotnet build -c {Configuration()} src/ExtShell.Repl", program);
        string folder = Directory.CreateTempSubdirectory("extshell-script-").FullName;
        try
        {
            string empty = Path.Combine(folder, "empty.csx");
            File.WriteAllText(empty, "");
            string script = Path.Combine(folder, Script);
            File.WriteAllText(script, "if (Args.Count == 0) return null;\n" + File.ReadAllText(Path.Combine(root, "examples", Script)));
            Measure(program, folder, rounds, empty, script);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Measure(string program, string folder, int rounds, string empty, string script)
    {
        string cache = Path.Combine(folder, "cache");
        var nothing = new double[rounds];
        var compiled = new double[rounds];
        var emptyFound = new double[rounds];
        var found = new double[rounds];
        Start(program, cache, empty);
        for (int round = -1; round < rounds; round++)
        {
            int to = Math.Max(0, round); // the first round warms up
            nothing[to] = Start(program, cache, "--version");
            compiled[to] = Start(program, Path.Combine(folder, $"cache{round}"), script);
            emptyFound[to] = Start(program, cache, empty);
            found[to] = Start(program, cache, script);
        }

        Print("--version", Median(nothing));
        Print($"{Script}, compiled", Median(compiled));
        Print("an empty script, found", Median(emptyFound));
        Print($"{Script}, found", Median(found));
        Print($"{Script} over an empty script, both found", Median([.. found.Zip(emptyFound, (one, other) => one - other)]));
    }

    private static double Start(string program, string cache, string argument)
    {
        var start = new ProcessStartInfo("dotnet", [program, argument]) { RedirectStandardOutput = true };
        start.Environment["EXTSHELL_CACHE"] = cache;
        var watch = Stopwatch.StartNew();
        using Process process = Process.Start(start)!;
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? watch.Elapsed.TotalMilliseconds
            : throw new InvalidOperationException($"extshell {argument} exited with {process.ExitCode}");
    }

    private static double Median(double[] times) => times.Order().ElementAt(times.Length / 2);

    private static void Print(string what, double milliseconds) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-52} {milliseconds,6:N0} ms"));

    private static string Configuration() => new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    internal static string Root()
    {
        DirectoryInfo folder = new(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "ExtShell.sln")))
            folder = folder.Parent!;
        return folder.FullName;
    }
}
