using System.Reflection;
using System.Runtime.Loader;

namespace ExtShell.Scripting.Compiling;

/// <summary>Holds a session's compiled submissions, which refer to each other by name, and what they reference by <c>#r</c>.</summary>
internal sealed class SubmissionContext : AssemblyLoadContext
{
    private readonly Dictionary<string, Assembly> _submissions = [];
    private readonly Dictionary<string, string> _referenced = [];

    public SubmissionContext()
        : base("ExtShell.Scripts")
    {
    }

    public Assembly Add(string name, byte[] image, byte[] symbols)
    {
        Assembly assembly = LoadFromStream(new MemoryStream(image), new MemoryStream(symbols));
        _submissions[name] = assembly;
        return assembly;
    }

    public void AddReference(string path) => _referenced[Path.GetFileNameWithoutExtension(path)] = path;

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        string name = assemblyName.Name!;
        if (_submissions.TryGetValue(name, out Assembly? submission))
            return submission;
        if (name.StartsWith("ExtShell.", StringComparison.Ordinal))
            return GetLoadContext(typeof(Contracts.Experiment).Assembly)!.LoadFromAssemblyName(assemblyName);
        return _referenced.TryGetValue(name, out string? path) ? LoadFromAssemblyPath(path) : null;
    }
}
