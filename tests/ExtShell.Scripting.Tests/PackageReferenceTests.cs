using System.IO.Compression;
using System.Reflection;
using ExtShell.TestTools;

namespace ExtShell.Scripting.Tests;

/// <summary><c>#r "nuget: Name, 1.0"</c>, with a feed that is a folder: no network is asked.</summary>
public sealed class PackageReferenceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public PackageReferenceTests()
    {
        Assembly inner = typeof(FactAttribute).Assembly;
        WritePackage("Lab.Inner", "2.0.0", "", inner.Location);
        WritePackage("Lab.Outer", "1.0.0", """<dependencies><dependency id="Lab.Inner" version="2.0.0" /></dependencies>""", null);
        Write("nuget.config", """
            <configuration>
              <config><add key="globalPackagesFolder" value="installed" /></config>
              <packageSources><clear /><add key="own" value="." /></packageSources>
            </configuration>
            """);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void APackageBringsWhatItDependsOnAndIsRestoredOnce()
    {
        string script = Write("uses.csx", """
            #r "nuget: Lab.Outer, 1.0.0"
            Print(typeof(Xunit.FactAttribute).Assembly.Location);
            """);
        ToolResult result = Run(script);
        Assert.Equal("", result.Errors);
        Assert.Equal(
            Path.Combine(_folder.Path, "installed", "lab.inner", "2.0.0", "lib", "netstandard2.0", "xunit.core.dll"), result.Output.Trim());
        Assert.Equal(result, Run(script));

        // Another script with the same packages: they are known, and no SDK is asked.
        string other = Write("other.csx", "#r \"nuget: Lab.Outer, 1.0.0\"\nPrint(nameof(Xunit.FactAttribute));\n");
        ToolResult known = ConsoleProcess.RunWith("", [.. Environment(), ("DOTNET_HOST_PATH", "/nothing/here")], other);
        Assert.Equal(("FactAttribute", "", 0), (known.Output.Trim(), known.Errors, known.ExitCode));
    }

    [Fact]
    public void ThePromptKeepsThePackageForWhatFollowsAndSavesIt()
    {
        string saved = Path.Combine(_folder.Path, "saved.csx");
        string input = $"""
            #r "nuget: Lab.Inner, 2.0.0"
            var fact = new Xunit.FactAttribute()
            fact.Timeout
            Xunit.FactAttribute Same() => fact;
            Same().GetType().Assembly.GetName().Name
            #save {saved}
            """;
        ToolResult result = ConsoleProcess.RunIn(_folder.Path, input, Environment());
        Assert.Equal("", result.Errors);
        Assert.Contains("> 0", result.Output, StringComparison.Ordinal);
        Assert.Contains("> xunit.core", result.Output, StringComparison.Ordinal);
        Assert.Contains("saved in", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("does not compile", result.Output, StringComparison.Ordinal);
        Assert.Contains("xunit.core", Run(saved).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nuget: Lab.Missing, 1.0.0", "error NU1101: Unable to find package Lab.Missing")]
    [InlineData("nuget: Lab.Inner, 9.0.0", "error NU1102: Unable to find package Lab.Inner with version (>= 9.0.0)")]
    [InlineData("nuget: a<b", "error NuGet: a package is named as #r \"nuget: Name\"")]
    public void WhatCannotBeHadIsSaidAtItsPlace(string reference, string message)
    {
        ToolResult result = Run(Write("wrong.csx", $"// first\n#r \"{reference}\"\n"));
        Assert.Equal(3, result.ExitCode);
        Assert.StartsWith("wrong.csx(2,4): " + message, result.Errors, StringComparison.Ordinal);
        Assert.Contains("\n     ^^^^", result.Errors.ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    [Fact]
    public void WithoutAnSdkItIsSaidWhatIsMissing()
    {
        string script = Write("uses.csx", "#r \"nuget: Lab.Inner, 2.0.0\"\n");
        ToolResult result = ConsoleProcess.RunWith("", [.. Environment(), ("DOTNET_HOST_PATH", "/nothing/here")], script);
        Assert.Equal(3, result.ExitCode);
        Assert.Contains("restored by the .NET SDK, and '/nothing/here' cannot be started", result.Errors, StringComparison.Ordinal);
    }

    private (string Name, string Value)[] Environment() => [("EXTSHELL_CACHE", Path.Combine(_folder.Path, "cache"))];

    private ToolResult Run(string script) => ConsoleProcess.RunWith("", Environment(), script);

    private string Write(string name, string text)
    {
        string path = Path.Combine(_folder.Path, name);
        File.WriteAllText(path, text);
        return path;
    }

    private void WritePackage(string id, string version, string dependencies, string? assembly)
    {
        using ZipArchive package = ZipFile.Open(Path.Combine(_folder.Path, $"{id}.{version}.nupkg"), ZipArchiveMode.Create);
        using (var specification = new StreamWriter(package.CreateEntry($"{id}.nuspec").Open()))
        {
            specification.Write($"""
                <package><metadata>
                  <id>{id}</id><version>{version}</version><authors>nobody</authors><description>for a test</description>{dependencies}
                </metadata></package>
                """);
        }

        if (assembly is not null)
            package.CreateEntryFromFile(assembly, "lib/netstandard2.0/" + Path.GetFileName(assembly));
    }
}
