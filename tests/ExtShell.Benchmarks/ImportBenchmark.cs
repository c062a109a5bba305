using System.Diagnostics;
using System.Globalization;

namespace ExtShell.Benchmarks;

/// <summary>
/// How much longer pwsh takes to start and end when it imports the module. Whole processes in pairs, the one right after the other, so that
/// what else the machine does meets both; the medians, and the median of the pairs' differences. The first argument says how many pairs,
/// the second which module.
/// </summary>
internal static class ImportBenchmark
{
    public static void Run(string[] arguments)
    {
        int pairs = arguments.Length > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : 15;
        string module = arguments.Length > 1
            ? Path.GetFullPath(arguments[1])
            : Path.Combine(ScriptBenchmark.Root(), "module", "ExtShell", "ExtShell.psd1");
        string import = $"Import-Module '{module.Replace("'", "''", StringComparison.Ordinal)}' -ErrorAction Stop";
        Start(import); // what the system must read is in its cache from here on
        double[] empty = new double[pairs], imported = new double[pairs];
        for (int pair = 0; pair < pairs; pair++)
        {
            empty[pair] = Start("");
            imported[pair] = Start(import);
        }

        Print("pwsh -NoProfile", Median(empty));
        Print("with Import-Module ExtShell", Median(imported));
        Print("the module's share (median of the pairs)", Median([.. imported.Zip(empty, static (with, without) => with - without)]));
    }

    private static double Start(string command)
    {
        var start = new ProcessStartInfo("pwsh", ["-NoProfile", "-NonInteractive", "-Command", command.Length == 0 ? "$null" : command]);
        var watch = Stopwatch.StartNew();
        using Process process = Process.Start(start)!;
        process.WaitForExit();
        return process.ExitCode == 0
            ? watch.Elapsed.TotalMilliseconds
            : throw new InvalidOperationException($"pwsh exited with {process.ExitCode}");
    }

    private static double Median(double[] times) => times.Order().ElementAt(times.Length / 2);

    private static void Print(string what, double milliseconds) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-42} {milliseconds,8:N0} ms"));
}
