using System.Diagnostics;
using System.Globalization;
using ExtShell.Engine.IO;
using ExtShell.TestTools.Defects;

namespace ExtShell.Benchmarks;

/// <summary>
/// Asynchronous writes against fallocate, truncate and punch on sparse files greater than the volume, under every protocol: <c>stress2012
/// [--seeds N] [--operations N]</c>.
/// </summary>
internal static class StressTable
{
    public static void Run(string[] arguments)
    {
        int seeds = Value(arguments, "--seeds", 3);
        int operations = Value(arguments, "--operations", 1_000);
        Console.WriteLine("| protocol | while | seeds | calls | refused for lack of space | every call returned | blocks free again | "
            + "checker silent | other errors | seconds |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|");
        foreach (string protocol in WriteProtocols.Names)
        {
            Print(protocol, punches: false, seeds, operations);
            Print(protocol, punches: true, seeds, operations);
        }
    }

    private static void Print(string protocol, bool punches, int seeds, int operations)
    {
        long began = Stopwatch.GetTimestamp();
        SparseStress.Result[] results = [.. Enumerable.Range(1, seeds)
            .Select(seed => SparseStress.Run(protocol, [], punches, seed, operations))];
        string[] errors = [.. results.SelectMany(static result => result.UnexpectedErrors).Distinct()];
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {protocol} | fallocate, {(punches ? "punch" : "truncate")} | {seeds} | {results.Sum(static result => result.Calls):N0} | "
                + $"{results.Sum(static result => result.Refused):N0} | {YesOrNo(results.All(static result => result.Ended))} | "
                + $"{YesOrNo(results.All(static result => result.WereAllFreed))} | "
                + $"{YesOrNo(results.All(static result => result.Findings == 0))} | "
                + $"{(errors.Length == 0 ? "none" : string.Join("; ", errors.Take(3)))} | "
                + $"{Stopwatch.GetElapsedTime(began).TotalSeconds:F1} |"));
    }

    private static string YesOrNo(bool isSo) => isSo ? "yes" : "NO";

    private static int Value(string[] arguments, string name, int otherwise)
    {
        int index = Array.IndexOf(arguments, name);
        return index >= 0 && index + 1 < arguments.Length ? int.Parse(arguments[index + 1], CultureInfo.InvariantCulture) : otherwise;
    }
}
