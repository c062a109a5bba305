using System.Reflection;
using System.Runtime.Loader;

namespace ExtShell.Scripting.Contracts;

/// <summary>
/// Loads the script host, and Roslyn with it, into a context of its own, so that a program with another Roslyn (PowerShell) is not
/// disturbed. Everything whose types scripts and users share stays in the default context.
/// </summary>
public static class ScriptHostLoader
{
    private const string HostAssembly = "ExtShell.Scripting";
    private static readonly Lazy<IScriptHost> Loaded = new(LoadHost);

    /// <summary>The host; loaded when first asked for.</summary>
    public static IScriptHost Host => Loaded.Value;

    private static IScriptHost LoadHost()
    {
        string folder = Path.Combine(Path.GetDirectoryName(typeof(ScriptHostLoader).Assembly.Location)!, "scripting");
        string path = Path.Combine(folder, HostAssembly + ".dll");
        if (!File.Exists(path))
            throw new FileNotFoundException($"the script host is missing: {path}", path);
        Assembly assembly = new HostContext(path).LoadFromAssemblyPath(path);
        Type type = assembly.GetType("ExtShell.Scripting.ScriptHost", throwOnError: true)!;
        return (IScriptHost)Activator.CreateInstance(type)!;
    }

    /// <summary>
    /// What stands beside this assembly, in its context. By path: PowerShell's default context does not find a module's assemblies by name.
    /// </summary>
    private static Assembly LoadShared(string name)
    {
        Assembly own = typeof(ScriptHostLoader).Assembly;
        return AssemblyLoadContext.GetLoadContext(own)!.LoadFromAssemblyPath(
            Path.Combine(Path.GetDirectoryName(own.Location)!, name + ".dll"));
    }

    private sealed class HostContext(string path) : AssemblyLoadContext("ExtShell.Scripting")
    {
        private readonly AssemblyDependencyResolver _resolver = new(path);

        protected override Assembly? Load(AssemblyName assemblyName)
        {
            bool isShared = assemblyName.Name!.StartsWith("ExtShell.", StringComparison.Ordinal) && assemblyName.Name != HostAssembly;
            if (isShared)
                return LoadShared(assemblyName.Name);
            return _resolver.ResolveAssemblyToPath(assemblyName) is { } found ? LoadFromAssemblyPath(found) : null;
        }
    }
}
