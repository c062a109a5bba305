using System.Diagnostics;
using System.Globalization;

namespace ExtShell.Benchmarks;

/// <summary>
/// How long the console program takes to start: with nothing to run (--version), with an empty script, and with examples/first-crash.csx up
/// to its first line, the first time (it is compiled) and the second (it is found). Whole processes, medians; the argument says how many
/// runs.
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
        double nothing = Median(rounds, () => Start(program, cache, "--version"));
        double compiled = Median(rounds, () =>
        {
            if (Directory.Exists(cache))
                Directory.Delete(cache, recursive: true);
            return Start(program, cache, script);
        });
        Start(program, cache, empty);
        double emptyFound = Median(rounds, () => Start(program, cache, empty));
        double found = Median(rounds, () => Start(program, cache, script));
        Print("--version", nothing);
        Print("an empty script, found", emptyFound);
        Print($"{Script}, compiled", compiled);
        Print($"{Script}, found", found);
        Print("found script over found empty script", found - emptyFound);
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

    private static double Median(int rounds, Func<double> measure)
    {
        double[] times = [.. Enumerable.Range(0, rounds).Select(_ => measure()).Order()];
        return times[rounds / 2];
    }

    private static void Print(string what, double milliseconds) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-40} {milliseconds,8:N0} ms"));

    private static string Configuration() => new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    internal static string Root()
    {
        DirectoryInfo folder = new(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "ExtShell.sln")))
            folder = folder.Parent!;
        return folder.FullName;
    }
}
