using ExtShell.TestTools;

namespace ExtShell.Scripting.Tests;

/// <summary>The cache, seen from outside: what runs, and what its folder holds.</summary>
public sealed class CompilationCacheTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void AnUnchangedScriptIsCompiledOnce()
    {
        string script = Write("a.csx", "Print(6 * 7);");
        Assert.Equal("42", Run(script));
        FileInfo entry = Assert.Single(Entries());
        byte[] bytes = File.ReadAllBytes(entry.FullName);
        Assert.Equal("42", Run(script));
        Assert.Equal(bytes, File.ReadAllBytes(Assert.Single(Entries()).FullName));
    }

    [Fact]
    public void ACachedScriptRunsWithoutTheCompiler()
    {
        const string list = """
            var names = AppDomain.CurrentDomain.GetAssemblies().Select(assembly => assembly.GetName().Name);
            Print(names.Count(name => name.StartsWith("Microsoft.CodeAnalysis")));
            """;
        string script = Write("a.csx", list);
        Assert.NotEqual("0", Run(script));
        Assert.Equal("0", Run(script));
    }

    [Fact]
    public void AChangedScriptOrAChangedLoadedFileIsCompiledAgain()
    {
        string script = Write("a.csx", "#load \"b.csx\"\nPrint(answer);");
        Write("b.csx", "int answer = 1;");
        Assert.Equal("1", Run(script));
        Write("b.csx", "int answer = 2;");
        Assert.Equal("2", Run(script));
        Write("a.csx", "#load \"b.csx\"\nPrint(answer + 10);");
        Assert.Equal("12", Run(script));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(30)]
    [InlineData(-1)]
    public void ADamagedEntryIsIgnoredAndReplaced(int at)
    {
        string script = Write("a.csx", "Print(6 * 7);");
        Run(script);
        string entry = Assert.Single(Entries()).FullName;
        byte[] whole = File.ReadAllBytes(entry);
        byte[] damaged = [.. whole];
        damaged[at < 0 ? ^1 : at] ^= 0x40;
        File.WriteAllBytes(entry, damaged);
        Assert.Equal("42", Run(script));
        Assert.NotEqual(damaged, File.ReadAllBytes(entry));
        File.WriteAllBytes(entry, whole[..(whole.Length / 2)]);
        Assert.Equal("42", Run(script));
        Assert.True(File.ReadAllBytes(entry).Length > whole.Length / 2);
    }

    [Fact]
    public void TheFolderIsBounded()
    {
        Run(Write("a.csx", "Print(0);"));
        for (int i = 0; i < 300; i++)
        {
            string other = Path.Combine(Scripts, $"{i:X32}.script");
            File.WriteAllText(other, "old");
            File.SetLastWriteTimeUtc(other, DateTime.UtcNow.AddDays(-1 - i));
        }

        Assert.Equal("1", Run(Write("b.csx", "Print(1);")));
        Assert.Equal(200, Entries().Length);
        Assert.False(File.Exists(Path.Combine(Scripts, $"{299:X32}.script")));
    }

    [Fact]
    public void AFolderThatCannotBeMadeIsNoError()
    {
        File.WriteAllText(_folder.File("cache"), "a file in its place");
        Assert.Equal("42", Run(Write("a.csx", "Print(42);")));
    }

    [Fact]
    public void SubmissionsAfterACachedScriptSeeWhatItDeclared()
    {
        string script = Write("a.csx", "int answer = 42; int Twice(int n) => 2 * n;");
        Run(script);
        ToolResult result = ConsoleProcess.RunWith("Twice(answer)\n", Environment, "-i", script);
        Assert.Contains("84", result.Output, StringComparison.Ordinal);
    }

    private string Scripts => Path.Combine(_folder.File("cache"), "scripts");

    private (string, string)[] Environment => [("EXTSHELL_CACHE", _folder.File("cache"))];

    private FileInfo[] Entries() => new DirectoryInfo(Scripts).GetFiles();

    private string Write(string name, string code)
    {
        File.WriteAllText(_folder.File(name), code);
        return _folder.File(name);
    }

    private string Run(string script)
    {
        ToolResult result = ConsoleProcess.RunWith("", Environment, script);
        Assert.Equal("", result.Errors);
        Assert.Equal(0, result.ExitCode);
        return result.Output.TrimEnd();
    }
}
