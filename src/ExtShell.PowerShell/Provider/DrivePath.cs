namespace ExtShell.PowerShell.Provider;

/// <summary>Paths of a drive and paths inside its volume.</summary>
/// <remarks>
/// (1) PowerShell takes a backslash for a separator. In a drive's paths a backslash of a name is written <c>%5C</c>, and a percent sign
/// before 5C or 25 is written <c>%25</c>; every other character stands for itself.
/// </remarks>
internal static class DrivePath
{
    /// <summary>The path inside the volume: absolute, with slashes.</summary>
    public static string Inner(string path)
    {
        string[] parts = path.Replace('\\', '/').Split('/', StringSplitOptions.RemoveEmptyEntries);
        return "/" + string.Join('/', parts.Skip(1).Select(Decode));
    }

    /// <summary>The provider path of a name in a folder.</summary>
    public static string Join(string folder, string name) => $"{folder.TrimEnd('/', '\\')}/{Encode(name)}";

    /// <summary>The provider path of a path inside the volume that <paramref name="sibling"/> is a path of.</summary>
    public static string Outer(string sibling, string inner)
    {
        IEnumerable<string> names = inner.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(Encode);
        return string.Join('/', names.Prepend(sibling.Split('/', '\\')[0]));
    }

    /// <summary>A name as drives show it.</summary>
    public static string Encode(string name) => name
        .Replace("%25", "%2525", StringComparison.Ordinal)
        .Replace("%5C", "%255C", StringComparison.OrdinalIgnoreCase)
        .Replace("\\", "%5C", StringComparison.Ordinal); // (1)

    private static string Decode(string name) => name
        .Replace("%5C", "\\", StringComparison.OrdinalIgnoreCase)
        .Replace("%25", "%", StringComparison.Ordinal);
}
