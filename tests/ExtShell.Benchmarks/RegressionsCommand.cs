using System.Diagnostics;
using ExtShell.TestTools.Regressions;

namespace ExtShell.Benchmarks;

/// <summary>
/// Prints what each protocol does in the regression scenarios. <c>regressions [--record] [--only NAME,NAME] [--folder PATH]</c>; with
/// <c>--record</c> the table is written to the folder, with <c>--only</c> those blocks of it.
/// </summary>
internal static class RegressionsCommand
{
    public static void Run(string[] arguments)
    {
        string folder = Value(arguments, "--folder") ?? Path.Combine("examples", "regressions");
        string[] only = Value(arguments, "--only")?.Split(',') ?? [];
        bool records = arguments.Contains("--record");
        var blocks = new SortedDictionary<string, string>(StringComparer.Ordinal);
        IReadOnlyList<RegressionScenario> scenarios = RegressionScenario.Load(folder);
        if (only.Length > 0 && records)
        {
            foreach ((string name, string block) in RegressionTable.Read(folder))
                blocks.Add(name, block);
        }

        foreach (RegressionScenario scenario in scenarios)
        {
            if (only.Length > 0 && !only.Contains(scenario.Name))
                continue;
            long began = Stopwatch.GetTimestamp();
            IReadOnlyList<RegressionResult> results = RegressionTable.Run(scenario);
            blocks[scenario.Name] = RegressionTable.Block(scenario, results);
            Console.WriteLine(blocks[scenario.Name]);
            string verdict = results.All(result => result.IsClean || scenario.Stated.Contains(result.Case.ToString()))
                ? "clean"
                : "NOT CLEAN";
            Console.Error.WriteLine(
                FormattableString.Invariant($"{scenario.Name}: {verdict}, {Stopwatch.GetElapsedTime(began).TotalSeconds:F1} s"));
        }

        if (records)
            File.WriteAllText(Path.Combine(folder, RegressionTable.FileName), RegressionTable.Compose(blocks.Values));
    }

    private static string? Value(string[] arguments, string name)
    {
        int index = Array.IndexOf(arguments, name);
        return index >= 0 && index + 1 < arguments.Length ? arguments[index + 1] : null;
    }
}
