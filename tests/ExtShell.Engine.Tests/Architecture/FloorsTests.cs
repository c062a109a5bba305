namespace ExtShell.Engine.Tests.Architecture;

/// <summary>The libraries refer only to what is below them, and so do the floors of the engine.</summary>
public class FloorsTests
{
    private const string Engine = "ExtShell.Engine";

    // Lowest first: a floor may refer to itself and to what stands before it.
    private static readonly string[] Floors =
        ["Kernel", "Devices", "Caching", "Journal", "Allocation", "Mapping", "Inodes", "IO", "Volumes"];

    [Theory]
    [InlineData("ExtShell.Format")]
    [InlineData("ExtShell.Engine", "ExtShell.Format")]
    [InlineData("ExtShell.Check", "ExtShell.Format")]
    public void A_library_refers_only_to_those_below(string library, params string[] below)
    {
        using var references = new AssemblyReferences(PathOf(library));
        Assert.Empty(references.Assemblies.Where(name => name.StartsWith("ExtShell", StringComparison.Ordinal)).Except(below));
    }

    [Fact]
    public void A_floor_of_the_engine_refers_only_to_those_below()
    {
        using var references = new AssemblyReferences(PathOf(Engine));
        Assert.Empty(Violations(references.All()));
    }

    [Fact]
    public void Every_type_of_the_engine_stands_on_a_floor()
    {
        using var references = new AssemblyReferences(PathOf(Engine));
        Assert.Empty(references.All()
            .Where(one => one.FromNamespace.StartsWith(Engine, StringComparison.Ordinal) && FloorOf(one.FromNamespace) < 0)
            .Select(one => $"{one.FromNamespace}.{one.FromType}").Distinct());
    }

    [Fact]
    public void A_reference_upwards_would_be_found()
    {
        AssemblyReferences.Reference down = new("ExtShell.Engine.IO.Steps", "A", "ExtShell.Engine.Mapping", "B", "");
        AssemblyReferences.Reference up = new("ExtShell.Engine.Mapping", "B", "ExtShell.Engine.IO.Steps", "A", "Run");
        Assert.Equal([up.ToString()], Violations([down, up]));
    }

    private static IEnumerable<string> Violations(IEnumerable<AssemblyReferences.Reference> references) =>
        from one in references
        let fromFloor = FloorOf(one.FromNamespace)
        let toFloor = FloorOf(one.ToNamespace)
        where fromFloor >= 0 && toFloor > fromFloor
        orderby one.ToString()
        select one.ToString();

    private static int FloorOf(string name)
    {
        string[] parts = name.Split('.');
        return parts.Length >= 3 && parts[0] == "ExtShell" && parts[1] == "Engine" ? Array.IndexOf(Floors, parts[2]) : -1;
    }

    private static string PathOf(string library) => Path.Combine(AppContext.BaseDirectory, library + ".dll");
}
