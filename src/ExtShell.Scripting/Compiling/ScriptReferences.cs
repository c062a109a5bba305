using ExtShell.Scripting.Assistance;
using Microsoft.CodeAnalysis;

namespace ExtShell.Scripting.Compiling;

/// <summary>What every script is compiled against: the runtime's assemblies and ExtShell's, and the namespaces that are open.</summary>
internal static class ScriptReferences
{
    private static readonly string[] OwnAssemblies =
    [
        "ExtShell.Format", "ExtShell.Engine", "ExtShell.Check", "ExtShell.Lab", "ExtShell.Scripting.Contracts",
    ];

    public static IReadOnlyList<string> Usings { get; } =
    [
        "System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Text", "System.Threading", "System.Threading.Tasks",
        "ExtShell.Format.Errors", "ExtShell.Engine.Devices", "ExtShell.Engine.IO", "ExtShell.Engine.Volumes",
        "ExtShell.Engine.Volumes.Making", "ExtShell.Engine.Mapping",
        "ExtShell.Check", "ExtShell.Lab.Crash", "ExtShell.Lab.Durability", "ExtShell.Lab.Looking", "ExtShell.Lab.Scenarios",
        "ExtShell.Lab.Scheduling", "ExtShell.Lab.Verbs", "ExtShell.Scripting.Contracts",
    ];

    public static IReadOnlyList<PortableExecutableReference> All { get; } = Find();

    /// <summary>Their names.</summary>
    public static IReadOnlySet<string> Names { get; } = All.Select(static known => Path.GetFileNameWithoutExtension(known.FilePath!))
        .ToHashSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>The runtime's core, which every script refers to.</summary>
    public static PortableExecutableReference Core { get; } =
        All.First(static known => Path.GetFileNameWithoutExtension(known.FilePath) == "System.Private.CoreLib");

    /// <summary>All of them and the assemblies of packages, with their documentation where it lies beside them.</summary>
    public static IEnumerable<MetadataReference> With(PackageSet packages) =>
        [.. All, .. packages.Assemblies.Select(static path => Reference(path, Path.ChangeExtension(path, ".xml")))];

    private static List<PortableExecutableReference> Find()
    {
        var references = new List<PortableExecutableReference>();
        string trusted = (string?)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") ?? "";
        string? pack = RuntimeDocumentation();
        foreach (string path in trusted.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
        {
            string name = Path.GetFileNameWithoutExtension(path);
            if (name.StartsWith("System.", StringComparison.Ordinal) || name is "System" or "netstandard" or "mscorlib"
                or "Microsoft.CSharp")
                references.Add(Reference(
                    path, pack is null ? null : Path.Combine(pack, (name == "System.Private.CoreLib" ? "System.Runtime" : name) + ".xml")));
        }

        string own = Path.GetDirectoryName(typeof(Contracts.Experiment).Assembly.Location)!;
        foreach (string name in OwnAssemblies)
            references.Add(Reference(Path.Combine(own, name + ".dll"), Path.Combine(own, name + ".xml")));
        return references;
    }

    private static PortableExecutableReference Reference(string path, string? documentation) =>
        MetadataReference.CreateFromFile(path, documentation: documentation is null ? null : new DocumentationFile(documentation));

    /// <summary>Where the runtime's documentation is on a machine that has the SDK; null elsewhere.</summary>
    private static string? RuntimeDocumentation()
    {
        string? root = Path.GetDirectoryName(typeof(object).Assembly.Location);
        var packs = new DirectoryInfo(Path.Combine(root ?? ".", "..", "..", "..", "packs", "Microsoft.NETCore.App.Ref"));
        string wanted = $"{Environment.Version.Major}.";
        return !packs.Exists ? null : packs.EnumerateDirectories()
            .Where(version => version.Name.StartsWith(wanted, StringComparison.Ordinal))
            .Select(version => Path.Combine(version.FullName, "ref", $"net{Environment.Version.Major}.0"))
            .LastOrDefault(Directory.Exists);
    }
}
