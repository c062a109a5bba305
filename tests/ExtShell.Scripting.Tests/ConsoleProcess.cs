using System.Diagnostics;
using ExtShell.TestTools;

namespace ExtShell.Scripting.Tests;

/// <summary>The console program as its users run it: a process.</summary>
internal static class ConsoleProcess
{
    private static readonly TimeSpan LongestRun = TimeSpan.FromMinutes(4);

    /// <summary>The folder of the whole project.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Where the program is.</summary>
    public static string Program { get; } = Find();

    public static ToolResult Run(params string[] arguments) => RunWith("", arguments);

    public static ToolResult RunWith(string input, params string[] arguments) => RunWith(input, [], arguments);

    public static ToolResult RunWith(string input, (string Name, string Value)[] environment, params string[] arguments) =>
        RunIn("", input, environment, arguments);

    /// <summary>Runs it in a folder; the test's own where it is empty.</summary>
    public static ToolResult RunIn(string folder, string input, (string Name, string Value)[] environment, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Program, .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach ((string name, string value) in environment)
            start.Environment[name] = value;
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        try
        {
            process.StandardInput.Write(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading its input, as with --help.
        }

        if (!process.WaitForExit(LongestRun))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"extshell {string.Join(' ', arguments)} did not end in {LongestRun}");
        }

        process.WaitForExit();
        return new ToolResult(process.ExitCode, output.GetAwaiter().GetResult(), errors.GetAwaiter().GetResult());
    }

    /// <summary>Runs it, interrupts it as Ctrl+C does when it has printed a line, and waits for its end.</summary>
    public static ToolResult RunInterrupted(string line, params string[] arguments)
    {
        string[] command = [.. IgnoresInterrupts() ? new[] { "env", "--default-signal=INT", "dotnet" } : ["dotnet"], Program, .. arguments];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string? printed = process.StandardOutput.ReadLine();
        if (printed != line)
            throw new InvalidOperationException($"expected '{line}', found '{printed}'");
        ExternalTool.RunOrThrow("kill", "-INT", $"{process.Id}");
        if (!process.WaitForExit(LongestRun))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"extshell {string.Join(' ', arguments)} did not end in {LongestRun}");
        }

        return new ToolResult(process.ExitCode, process.StandardOutput.ReadToEnd(), errors.GetAwaiter().GetResult());
    }

    /// <summary>
    /// Whether this process was started with interrupts ignored, as shells start what runs in the background: what it starts inherits that.
    /// </summary>
    private static bool IgnoresInterrupts()
    {
        const string status = "/proc/self/status", ignored = "SigIgn:";
        const ulong interrupt = 1UL << 1; // SIGINT is signal 2
        return File.Exists(status)
            && File.ReadLines(status).FirstOrDefault(static line => line.StartsWith(ignored, StringComparison.Ordinal)) is { } line
            && (Convert.ToUInt64(line[ignored.Length..].Trim(), 16) & interrupt) != 0;
    }

    private static string FindRoot()
    {
        DirectoryInfo folder = new(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "ExtShell.sln")))
            folder = folder.Parent!;
        return folder.FullName;
    }

    private static string Find()
    {
        var bin = new DirectoryInfo(AppContext.BaseDirectory);
        return Path.Combine(Root, "src", "ExtShell.Repl", "bin", bin.Parent!.Name, bin.Name, "extshell.dll");
    }
}
