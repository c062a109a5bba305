using System.Diagnostics;

namespace ExtShell.TestTools;

/// <summary>Runs a tool of the system that a test takes as its oracle.</summary>
public static class ExternalTool
{
    private static readonly string[] Folders =
        [.. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator), "/usr/local/sbin", "/usr/sbin", "/sbin",
            "/usr/local/bin", "/usr/bin", "/bin"];

    private static readonly TimeSpan LongestRun = TimeSpan.FromMinutes(2);

    /// <summary>Where the tool is, or null.</summary>
    public static string? Find(string name) =>
        Folders.Where(folder => folder.Length > 0).Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    /// <summary>Runs it to its end; the configuration of mke2fs is the tests' own.</summary>
    /// <exception cref="TimeoutException">It took more than two minutes, and was ended.</exception>
    public static ToolResult Run(string name, params string[] arguments) => RunWith([], name, arguments);

    /// <summary>Runs it to its end with more in its environment.</summary>
    /// <exception cref="TimeoutException">It took more than two minutes, and was ended.</exception>
    public static ToolResult RunWith((string Name, string Value)[] environment, string name, params string[] arguments)
    {
        var start = new ProcessStartInfo(Find(name) ?? throw new InvalidOperationException($"{name} is not installed"), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.Environment["MKE2FS_CONFIG"] = ReferenceConfiguration.Path;
        start.Environment["LC_ALL"] = "C";
        start.Environment["TZ"] = "UTC";
        foreach ((string variable, string value) in environment)
            start.Environment[variable] = value;
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(LongestRun))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{name} {string.Join(' ', arguments)} did not end in {LongestRun}");
        }

        process.WaitForExit();
        return new ToolResult(process.ExitCode, output.GetAwaiter().GetResult(), errors.GetAwaiter().GetResult());
    }

    /// <summary>Runs it and throws unless it exits with 0; answers its output.</summary>
    public static string RunOrThrow(string name, params string[] arguments)
    {
        ToolResult result = Run(name, arguments);
        return result.ExitCode == 0
            ? result.Output
            : throw new InvalidOperationException(
                $"{name} {string.Join(' ', arguments)}: exit {result.ExitCode}\n{result.Output}{result.Errors}");
    }
}

/// <summary>What a tool answered.</summary>
public sealed record ToolResult(int ExitCode, string Output, string Errors);
