using ExtShell.TestTools;

namespace ExtShell.Scripting.Tests;

public sealed class ToolPackageTests
{
    [RequiresToolFact("dotnet")]
    public void TheToolInstallsFromItsPackageAndRunsAScript()
    {
        using var folder = new TemporaryFolder();
        string bin = Path.GetDirectoryName(ConsoleProcess.Program)!;
        string project = Path.GetFullPath(Path.Combine(bin, "..", "..", ".."));
        string configuration = Path.GetFileName(Path.GetDirectoryName(bin)!);
        string packages = Directory.CreateDirectory(folder.File("packages")).FullName;
        ExternalTool.RunOrThrow("dotnet", "pack", project, "--no-build", "-c", configuration, "-o", packages, "-v", "q", "--nologo");
        ExternalTool.RunOrThrow(
            "dotnet", "tool", "install", "ExtShell.Repl", "--tool-path", folder.File("tools"), "--source", packages, "--no-cache",
                "--ignore-failed-sources");
        string tool = Path.Combine(folder.File("tools"), OperatingSystem.IsWindows() ? "extshell.exe" : "extshell");
        (string, string)[] environment = [("EXTSHELL_CACHE", folder.File("cache")), ("DOTNET_ROOT", DotnetRoot())];
        ToolResult result = ExternalTool.RunWith(environment, tool, "-e", "NewVolume(\"16MiB\").Check().IsClean");
        Assert.Equal(("true", "", 0), (result.Output.TrimEnd(), result.Errors, result.ExitCode));
    }

    private static string DotnetRoot() =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "..", "..", ".."));
}
