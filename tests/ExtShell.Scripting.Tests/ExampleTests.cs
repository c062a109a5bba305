using ExtShell.TestTools;

namespace ExtShell.Scripting.Tests;

/// <summary>The scripts of examples/: each runs, ends clean, and makes its point.</summary>
public sealed class ExampleTests
{
    private static readonly Dictionary<string, string> Points = new()
    {
        ["first-crash.csx"] = "LostSize in /log",
        ["stories/safe-append.csx"] = "A return is a promise with: O_DIRECT, then fdatasync; O_DIRECT | O_DSYNC.",
        ["stories/o-sync-regression.csx"] = "found:    a size of 0 bytes",
        ["stories/stale-data.csx"] = "What a reader of /public sees on that disk: \"the secret",
        ["stories/livelock.csx"] = "a cycle of 2 step(s) repeats",
        ["stories/dax-full-disk.csx"] = "found zeroes",
        ["stories/image-without-root.csx"] = "/etc/hostname: crash-lab",
        ["stories/guard-a-write-protocol.csx"] = "the header says 1, and record 1 is not there",
    };

    public static TheoryData<string> Scripts => [.. Names];

    private static string Folder => Path.Combine(ConsoleProcess.Root, "examples");

    private static IEnumerable<string> Names => Directory.EnumerateFiles(Folder, "*.csx", SearchOption.AllDirectories)
        .Select(path => Path.GetRelativePath(Folder, path).Replace('\\', '/')).Order(StringComparer.Ordinal);

    [Theory]
    [MemberData(nameof(Scripts))]
    public void AnExampleEndsCleanAndMakesItsPoint(string script)
    {
        ToolResult result = ConsoleProcess.Run(Path.Combine(Folder, script));
        Assert.Equal(("", 0), (result.Errors, result.ExitCode));
        Assert.Contains(Points.GetValueOrDefault(script, "\n"), result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void EveryPointHasItsExample() => Assert.Empty(Points.Keys.Except(Names));
}
