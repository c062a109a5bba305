using Microsoft.CodeAnalysis;

namespace ExtShell.Scripting;

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
        "ExtShell.Format.Errors", "ExtShell.Engine.Devices", "ExtShell.Engine.IO", "ExtShell.Engine.Volumes", "ExtShell.Engine.Volumes.Making", "ExtShell.Engine.Mapping",
        "ExtShell.Check", "ExtShell.Lab.Crash", "ExtShell.Lab.Durability", "ExtShell.Lab.Scenarios", "ExtShell.Lab.Verbs", "ExtShell.Scripting.Contracts",
    ];

    public static IReadOnlyList<MetadataReference> All { get; } = Find();

    private static List<MetadataReference> Find()
    {
        var references = new List<MetadataReference>();
        string trusted = (string?)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") ?? "";
        foreach (string path in trusted.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
        {
            string name = Path.GetFileNameWithoutExtension(path);
            if (name.StartsWith("System.", StringComparison.Ordinal) || name is "System" or "netstandard" or "mscorlib" or "Microsoft.CSharp")
                references.Add(MetadataReference.CreateFromFile(path));
        }

        string own = Path.GetDirectoryName(typeof(Contracts.Experiment).Assembly.Location)!;
        foreach (string name in OwnAssemblies)
            references.Add(MetadataReference.CreateFromFile(Path.Combine(own, name + ".dll")));
        return references;
    }
}
