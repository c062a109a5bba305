namespace ExtShell.Engine.Tests.Architecture;

/// <summary>
/// A run is a function of its inputs and its seed: Format, Engine and Check use no clock, no chance, and no thread of the system.
/// </summary>
public class DeterminismTests
{
    // A member of "*" bans the whole type.
    private static readonly (string Type, string Member)[] Banned =
    [
        ("System.DateTime", "get_Now"),
        ("System.DateTime", "get_UtcNow"),
        ("System.DateTime", "get_Today"),
        ("System.DateTimeOffset", "get_Now"),
        ("System.DateTimeOffset", "get_UtcNow"),
        ("System.TimeProvider", "*"),
        ("System.Diagnostics.Stopwatch", "*"),
        ("System.Random", "*"),
        ("System.Security.Cryptography.RandomNumberGenerator", "*"),
        ("System.Guid", "NewGuid"),
        ("System.Guid", "CreateVersion7"),
        ("System.Environment", "*"),
        ("System.Threading.Thread", "*"),
        ("System.Threading.ThreadPool", "*"),
        ("System.Threading.Timer", "*"),
        ("System.Threading.PeriodicTimer", "*"),
        ("System.Threading.Tasks.Task", "Run"),
        ("System.Threading.Tasks.Task", "Delay"),
        ("System.Threading.Tasks.Task", "Yield"),
        ("System.Threading.Tasks.TaskFactory", "*"),
        ("System.Threading.Tasks.Parallel", "*"),
        ("System.HashCode", "*"),
    ];

    // Iterators ask which thread they are on, only to know whether they may be reused.
    private static readonly (string Type, string Member)[] Allowed = [("System.Environment", "get_CurrentManagedThreadId")];

    [Theory]
    [InlineData("ExtShell.Format")]
    [InlineData("ExtShell.Engine")]
    [InlineData("ExtShell.Check")]
    public void A_library_uses_nothing_that_differs_from_run_to_run(string library)
    {
        using var references = new AssemblyReferences(Path.Combine(AppContext.BaseDirectory, library + ".dll"));
        Assert.Empty(Violations(references));
    }

    [Fact]
    public void Each_banned_use_would_be_found()
    {
        using var references = new AssemblyReferences(typeof(DeterminismTests).Assembly.Location);
        string[] found = [.. Violations(references).Where(one => one.Contains(nameof(DeterminismTests), StringComparison.Ordinal))];
        string[] expected =
        [
            "DateTime.get_Now", "Random..ctor", "Guid.NewGuid", "Environment.get_TickCount64",
            "Task.Run", "Thread.Sleep", "Stopwatch.StartNew", "HashCode.Combine",
        ];
        foreach (string use in expected)
            Assert.Contains(found, one => one.EndsWith(use, StringComparison.Ordinal));
    }

    private static IEnumerable<string> Violations(AssemblyReferences references) =>
        from one in references.All()
        let type = $"{one.ToNamespace}.{one.ToType}"
        where one.ToMember.Length > 0 && !Allowed.Contains((type, one.ToMember))
        where Banned.Contains((type, "*")) || Banned.Contains((type, one.ToMember))
        orderby one.ToString()
        select one.ToString();

    /// <summary>Does what is banned, some of it where only the compiler's own types show it.</summary>
    private static class Offender
    {
        public static IEnumerable<object> Offend()
        {
            yield return DateTime.Now;
            yield return new Random();
            yield return Guid.NewGuid();
            yield return Environment.TickCount64;
            yield return Task.Run(() => Thread.Sleep(0));
            yield return System.Diagnostics.Stopwatch.StartNew();
            yield return HashCode.Combine(1, 2);
        }
    }
}
