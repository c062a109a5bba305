namespace ExtShell.Scripting.Compiling;

/// <summary>The packages that a session has referred to, and the assemblies that they and what they depend on bring.</summary>
/// <remarks>No type of the compiler is named here: a session whose script is found in the cache does not load it.</remarks>
/// <param name="Packages">In order of their first mention.</param>
/// <param name="Assemblies">The paths of the assemblies, those of the runtime left out.</param>
internal sealed record PackageSet(IReadOnlyList<PackageReference> Packages, IReadOnlyList<string> Assemblies)
{
    /// <summary>No packages.</summary>
    public static PackageSet None { get; } = new([], []);

    /// <summary>These packages and more, restored together, so that they agree on what they share.</summary>
    /// <exception cref="PackageRestoreException">They cannot be had.</exception>
    public PackageSet With(IEnumerable<PackageReference> more, string folder, CancellationToken cancellation)
    {
        PackageReference[] all = [.. Packages.Concat(more).Distinct()];
        return all.Length == Packages.Count ? this : new PackageSet(all, PackageRestore.Restore(all, folder, cancellation));
    }
}
