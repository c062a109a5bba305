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

    // Where a Dictionary or a HashSet is gone through, and why its order does not matter.
    private static readonly (string Library, string Type, string Why)[] Unordered =
    [
        ("ExtShell.Check", "ExtShell.Check.CheckBase", "the report sorts its findings"),
        ("ExtShell.Check", "ExtShell.Check.Totals.DirtyKeys", "into sorted sets"),
        ("ExtShell.Check", "ExtShell.Check.Totals.Evaluation", "kept by key, and what the report sorts; cycles are found from any member"),
        ("ExtShell.Check", "ExtShell.Check.Totals.GroupEvaluation", "counts, and bits of a bitmap"),
        ("ExtShell.Check", "ExtShell.Check.Totals.Judgement", "into sorted sets, and what the report sorts"),
        ("ExtShell.Check", "ExtShell.Check.VolumeTree", "into a sorted set"),
        ("ExtShell.Engine", "ExtShell.Engine.Caching.BufferCache", "sorted by block"),
        ("ExtShell.Engine", "ExtShell.Engine.Inodes.InodeTable", "sorted by number"),
    ];

    [Theory]
    [InlineData("ExtShell.Format")]
    [InlineData("ExtShell.Engine")]
    [InlineData("ExtShell.Check")]
    public void A_library_uses_nothing_that_differs_from_run_to_run(string library)
    {
        using var references = new AssemblyReferences(Path.Combine(AppContext.BaseDirectory, library + ".dll"));
        Assert.Empty(Violations(references));
    }

    [Theory]
    [InlineData("ExtShell.Format")]
    [InlineData("ExtShell.Engine")]
    [InlineData("ExtShell.Check")]
    public void A_library_goes_through_unordered_collections_only_where_their_order_reaches_nobody(string library)
    {
        using var references = new AssemblyReferences(Path.Combine(AppContext.BaseDirectory, library + ".dll"));
        Assert.Equal(
            Unordered.Where(known => known.Library == library).Select(static known => known.Type), [.. TypesThatEnumerate(references)]);
    }

    [Fact]
    public void Each_way_through_an_unordered_collection_would_be_found()
    {
        using var references = new AssemblyReferences(typeof(DeterminismTests).Assembly.Location);
        string[] found = [.. TypesThatEnumerate(references).Select(static type => type[(type.LastIndexOf('.') + 1)..])];
        Assert.Contains(nameof(GoesThroughEntries), found);
        Assert.Contains(nameof(GoesThroughValues), found);
        Assert.Contains(nameof(GoesThroughSet), found);
        Assert.DoesNotContain(nameof(LooksUp), found);
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

    private static IEnumerable<string> TypesThatEnumerate(AssemblyReferences references) =>
        (from one in references.All()
         let isCollection = one.ToNamespace == "System.Collections.Generic" && one.ToType is "Dictionary`2" or "HashSet`1"
         where isCollection && one.ToMember is "GetEnumerator" or "get_Keys" or "get_Values"
         select $"{one.FromNamespace}.{one.FromType}").Distinct().Order(StringComparer.Ordinal);

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

internal static class GoesThroughEntries
{
    public static int Sum(Dictionary<int, int> entries)
    {
        int sum = 0;
        foreach ((int key, int value) in entries)
            sum += key * value;
        return sum;
    }
}

internal static class GoesThroughValues
{
    public static int Sum(Dictionary<int, int> entries) => entries.Values.Sum();
}

internal static class GoesThroughSet
{
    public static int Sum(HashSet<int> members)
    {
        int sum = 0;
        foreach (int member in members)
            sum += member;
        return sum;
    }
}

internal static class LooksUp
{
    public static bool Find(Dictionary<int, int> entries, HashSet<int> members) => entries.ContainsKey(1) && members.Contains(1);
}
