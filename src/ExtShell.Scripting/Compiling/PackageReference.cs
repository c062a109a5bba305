using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ExtShell.Scripting.Compiling;

/// <summary>A NuGet package that a script names: <c>#r "nuget: Name, 1.2.3"</c>; without a version the newest that is no preview.</summary>
/// <param name="Name">The package's id.</param>
/// <param name="Version">A version or a range of versions, as a project has it.</param>
internal sealed partial record PackageReference(string Name, string Version)
{
    private const string Scheme = "nuget:";
    private const string Newest = "*";

    /// <summary>Whether what <c>#r</c> names is a package, well formed or not.</summary>
    public static bool IsPackage(string reference) => reference.TrimStart().StartsWith(Scheme, StringComparison.OrdinalIgnoreCase);

    /// <summary>The package that is named; null where the name or the version cannot be one.</summary>
    public static PackageReference? Parse(string reference) =>
        IsPackage(reference) && Form().Match(reference.Trim()[Scheme.Length..].Trim()) is { Success: true } match
            ? new PackageReference(match.Groups[1].Value, match.Groups[2] is { Success: true, Value: var version } ? version : Newest)
            : null;

    /// <summary>The directives of a compilation that name packages, those of loaded files among them.</summary>
    public static IEnumerable<ReferenceDirectiveTriviaSyntax> DirectivesOf(CSharpCompilation compilation) => compilation.SyntaxTrees
        .SelectMany(static tree => tree.GetCompilationUnitRoot().GetReferenceDirectives())
        .Where(static directive => IsPackage(directive.File.ValueText));

    /// <summary>The package as an error names it.</summary>
    public override string ToString() => Version == Newest ? Name : $"{Name} {Version}";

    [GeneratedRegex(@"^([A-Za-z0-9_][A-Za-z0-9_.\-]*)(?:\s*[,/]\s*([0-9A-Za-z.*+\-\[\](), ]+))?$")]
    private static partial Regex Form();
}
