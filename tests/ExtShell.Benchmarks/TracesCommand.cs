using ExtShell.TestTools.Traces;

namespace ExtShell.Benchmarks;

/// <summary>
/// Prints a digest of all that the examples do under each strategy, a line for each: the same in every process, on every machine.
/// <c>traces [--every N] [--folder PATH]</c>; with <c>--every</c> only each N-th case.
/// </summary>
internal static class TracesCommand
{
    public static void Run(string[] arguments)
    {
        string folder = Value(arguments, "--folder") ?? "examples";
        int every = Value(arguments, "--every") is { } text ? int.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : 1;
        foreach ((int index, ExampleCase example) in ExampleCase.Load(folder).Index())
        {
            if (index % every == 0)
                Console.WriteLine(RunTrace.Digest(example));
        }
    }

    private static string? Value(string[] arguments, string name)
    {
        int index = Array.IndexOf(arguments, name);
        return index >= 0 && index + 1 < arguments.Length ? arguments[index + 1] : null;
    }
}
