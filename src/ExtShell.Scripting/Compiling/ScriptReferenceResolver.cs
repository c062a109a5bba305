using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Scripting;

namespace ExtShell.Scripting.Compiling;

/// <summary>Finds what <c>#r</c> names: assemblies by path, and packages, whose assemblies the compilation refers to already.</summary>
internal sealed class ScriptReferenceResolver(string folder, PackageSet packages) : MetadataReferenceResolver
{
    private readonly ScriptMetadataResolver _files = ScriptMetadataResolver.Default.WithBaseDirectory(folder);

    public override bool ResolveMissingAssemblies => _files.ResolveMissingAssemblies;

    public override ImmutableArray<PortableExecutableReference> ResolveReference(
        string reference, string? baseFilePath, MetadataReferenceProperties properties)
    {
        if (!PackageReference.IsPackage(reference))
            return _files.ResolveReference(reference, baseFilePath, properties);
        return PackageReference.Parse(reference) is { } package && packages.Packages.Contains(package)
            ? [ScriptReferences.Core.WithProperties(properties)] // a directive has one assembly, a package any number
            : [];
    }

    public override PortableExecutableReference? ResolveMissingAssembly(MetadataReference definition, AssemblyIdentity referenceIdentity) =>
        _files.ResolveMissingAssembly(definition, referenceIdentity);

    public override bool Equals(object? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
}
