using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using ExtShell.Scripting.Contracts;

namespace ExtShell.Scripting.Compiling;

/// <summary>Packages cannot be had: no SDK, no such package, no network.</summary>
/// <param name="id">NuGet's number of the error, such as <c>NU1101</c>; <c>NuGet</c> where it has none.</param>
/// <param name="message">What is wrong.</param>
internal sealed class PackageRestoreException(string id, string message) : Exception(message)
{
    /// <summary>NuGet's number of the error.</summary>
    public string Id { get; } = id;
}

/// <summary>Finds the assemblies of packages by <c>dotnet restore</c>.</summary>
/// <remarks>
/// (1) The SDK does the work: a project that names the packages is restored in the user's cache folder, by the NuGet configuration of the
/// script's folder, and what NuGet resolved for this runtime is read from <c>project.assets.json</c>. Native libraries are not looked at.
/// (2) A restored set is kept: as long as all its assemblies are there nothing is asked again, and no SDK is needed. So a package without a
/// version, or with a floating one, stays at what it was found to be.
/// (3) What the runtime has itself is left out: the compiler would see two of each type.
/// </remarks>
internal static partial class PackageRestore
{
    private static readonly string Framework = $"net{Environment.Version.Major}.0";

    /// <summary>The paths of the assemblies of the packages and of what they depend on.</summary>
    /// <param name="packages">The packages.</param>
    /// <param name="configurationFolder">Where the search for NuGet's configuration begins.</param>
    /// <param name="cancellation">Ends the restore.</param>
    /// <exception cref="PackageRestoreException">They cannot be had.</exception>
    public static IReadOnlyList<string> Restore(
        IReadOnlyList<PackageReference> packages, string configurationFolder, CancellationToken cancellation)
    {
        string project = Project(packages, configurationFolder);
        string key = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(project)))[..32];
        string folder = Path.Combine(UserFolders.Cache, "packages", key);
        string assets = Path.Combine(folder, "obj", "project.assets.json");
        if (File.Exists(assets) && Assemblies(assets) is var kept && kept.All(File.Exists)) // (2)
            return kept;
        Directory.CreateDirectory(folder);
        string path = Path.Combine(folder, "packages.csproj");
        File.WriteAllText(path, project);
        Run(path, cancellation);
        return Assemblies(assets);
    }

    private static string Project(IReadOnlyList<PackageReference> packages, string configurationFolder) => $"""
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <TargetFramework>{Framework}</TargetFramework>
            <RuntimeIdentifier>{RuntimeInformation.RuntimeIdentifier}</RuntimeIdentifier>
            <SelfContained>false</SelfContained>
            <UseAppHost>false</UseAppHost>
            <ImportDirectoryBuildProps>false</ImportDirectoryBuildProps>
            <ImportDirectoryBuildTargets>false</ImportDirectoryBuildTargets>
            <ImportDirectoryPackagesProps>false</ImportDirectoryPackagesProps>
            <NuGetAudit>false</NuGetAudit>
            <RestoreRootConfigDirectory>{System.Security.SecurityElement.Escape(configurationFolder)}</RestoreRootConfigDirectory>
          </PropertyGroup>
          <ItemGroup>
        {string.Join('\n', packages.Select(ReferenceTo))}
          </ItemGroup>
        </Project>
        """;

    private static string ReferenceTo(PackageReference package) =>
        $"""    <PackageReference Include="{package.Name}" Version="{package.Version}" />""";

    private static void Run(string project, CancellationToken cancellation)
    {
        string host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } own ? own : "dotnet";
        var start = new ProcessStartInfo(host, ["restore", project, "--nologo", "--verbosity", "quiet"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetDirectoryName(project)!,
        };
        try
        {
            using Process process = Process.Start(start)!;
            using CancellationTokenRegistration stop = cancellation.Register(() => process.Kill(entireProcessTree: true));
            Task<string> errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
            string output = process.StandardOutput.ReadToEnd() + errors.GetAwaiter().GetResult();
            process.WaitForExit();
            cancellation.ThrowIfCancellationRequested();
            if (process.ExitCode != 0)
                throw Failure(output);
        }
        catch (Win32Exception)
        {
            throw new PackageRestoreException(
                "NuGet", $"packages are restored by the .NET SDK, and '{host}' cannot be started: is it on the PATH?");
        }
    }

    private static PackageRestoreException Failure(string output) => ErrorLine().Match(output) is { Success: true } match
        ? new PackageRestoreException(match.Groups[1].Value, match.Groups[2].Value.Trim())
        : new PackageRestoreException("NuGet", $"dotnet restore failed: {output.Trim().ReplaceLineEndings("; ")}");

    private static List<string> Assemblies(string assets)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(assets));
        JsonElement root = document.RootElement;
        string[] folders = [.. root.GetProperty("packageFolders").EnumerateObject().Select(static folder => folder.Name)];
        JsonElement target = root.GetProperty("targets").GetProperty($"{Framework}/{RuntimeInformation.RuntimeIdentifier}");
        var paths = new List<string>();
        foreach (JsonProperty library in target.EnumerateObject())
        {
            if (!library.Value.TryGetProperty("runtime", out JsonElement files))
                continue;
            string place = root.GetProperty("libraries").GetProperty(library.Name).GetProperty("path").GetString()!;
            foreach (JsonProperty file in files.EnumerateObject())
            {
                string[] candidates = [.. folders.Select(folder => Path.GetFullPath(Path.Combine(folder, place, file.Name)))];
                bool isOwn = ScriptReferences.Names.Contains(Path.GetFileNameWithoutExtension(file.Name)); // (3)
                if (file.Name.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) && !isOwn)
                    paths.Add(candidates.FirstOrDefault(File.Exists) ?? candidates[0]);
            }
        }

        return paths;
    }

    [GeneratedRegex(@"error (\w+): (.*?)(?: \[[^\[\]]*\])?\s*$", RegexOptions.Multiline)]
    private static partial Regex ErrorLine();
}
