using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ExtShell.Scripting.Contracts;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;
using Microsoft.CodeAnalysis.Scripting;
using Microsoft.CodeAnalysis.Text;

namespace ExtShell.Scripting.Compiling;

/// <summary>Roslyn: makes compilations of submissions, and assemblies of compilations.</summary>
internal static class ScriptCompiler
{
    /// <summary>
    /// A statement that does nothing: the compiler makes no assembly of a submission that is empty, or has only directives.
    /// </summary>
    private const string Nothing = "\n;";

    private static readonly SymbolDisplayFormat TypeFormat = SymbolDisplayFormat.FullyQualifiedFormat.WithMiscellaneousOptions(
        SymbolDisplayMiscellaneousOptions.UseSpecialTypes | SymbolDisplayMiscellaneousOptions.EscapeKeywordIdentifiers);

    /// <summary>A submission, bound to the ones before it when it is asked for; nothing is emitted.</summary>
    public static CSharpCompilation Compile(
        string name, string code, string? path, CSharpCompilation? previous, PackageSet packages, CancellationToken cancellation = default)
    {
        SyntaxTree tree = Parse(code, path, cancellation);
        if (tree.GetCompilationUnitRoot(cancellation).Members.Count == 0)
            tree = Parse(code + Nothing, path, cancellation);
        string folder = Folder(path);
        CSharpCompilationOptions options = new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary)
            .WithUsings(ScriptReferences.Usings)
            .WithOptimizationLevel(OptimizationLevel.Release)
            .WithAllowUnsafe(false)
            .WithNullableContextOptions(NullableContextOptions.Annotations)
            .WithSourceReferenceResolver(ScriptSourceResolver.Default.WithBaseDirectory(folder))
            .WithMetadataReferenceResolver(new ScriptReferenceResolver(folder, packages));
        return CSharpCompilation.CreateScriptCompilation(
            name, tree, ScriptReferences.With(packages), options, previous, typeof(object), typeof(Experiment));
    }

    private static SyntaxTree Parse(string code, string? path, CancellationToken cancellation) => SyntaxFactory.ParseSyntaxTree(
        SourceText.From(code, Encoding.UTF8), SubmissionSyntax.Options, path ?? "", cancellation);

    /// <summary>The folder from which <c>#load</c> and <c>#r</c> are sought.</summary>
    public static string Folder(string? path) =>
        path is null ? Environment.CurrentDirectory : Path.GetDirectoryName(Path.GetFullPath(path))!;

    /// <summary>The submission's assembly.</summary>
    /// <exception cref="ScriptCompilationException">It does not compile.</exception>
    public static CompiledScript Emit(CSharpCompilation compilation, PackageSet packages, CancellationToken cancellation)
    {
        using var image = new MemoryStream();
        using var symbols = new MemoryStream();
        EmitResult emitted = compilation.Emit(image, symbols, cancellationToken: cancellation);
        if (!emitted.Success)
            throw new ScriptCompilationException(Describe(emitted.Diagnostics));
        IMethodSymbol entry = compilation.GetEntryPoint(cancellation)!;
        ITypeSymbol? type = ValueType(compilation, cancellation);
        string[] references = [.. References(compilation), .. packages.Assemblies];
        return new CompiledScript
        {
            AssemblyName = compilation.AssemblyName!,
            Image = image.ToArray(),
            Symbols = symbols.ToArray(),
            TypeName = entry.ContainingType.MetadataName,
            MethodName = entry.MetadataName,
            HasValue = type is { SpecialType: not SpecialType.System_Void } || SubmissionSyntax.ReturnsValue(MainTree(compilation)),
            ResultType = type is null or { TypeKind: TypeKind.Dynamic or TypeKind.Error } or { SpecialType: SpecialType.System_Object }
                || IsAnonymous(type)
                ? ""
                : type.ToDisplayString(TypeFormat),
            References = references,
            Sources = [.. compilation.SyntaxTrees.SkipLast(1).Select(tree => Source(tree.FilePath)), .. references.Select(Source)],
        };
    }

    /// <summary>The errors, in order of place.</summary>
    public static List<ScriptDiagnostic> Describe(IEnumerable<Diagnostic> diagnostics)
    {
        var described = new List<ScriptDiagnostic>();
        foreach (Diagnostic diagnostic in diagnostics.OrderBy(diagnostic => diagnostic.Location.SourceSpan.Start))
        {
            if (diagnostic.Severity != DiagnosticSeverity.Error)
                continue;
            described.Add(Describe(
                diagnostic.Location, diagnostic.Id, LastValue.Restore(diagnostic.GetMessage(CultureInfo.InvariantCulture))));
        }

        return described;
    }

    /// <summary>An error at a place.</summary>
    public static ScriptDiagnostic Describe(Location location, string id, string message)
    {
        FileLinePositionSpan place = location.GetLineSpan();
        SourceText? text = location.SourceTree?.GetText();
        string line = text is null ? "" : text.Lines[place.StartLinePosition.Line].ToString();
        return new ScriptDiagnostic(
            id,
            message,
            place.Path ?? "",
            place.StartLinePosition.Line + 1,
            place.StartLinePosition.Character + 1,
            LastValue.Restore(line),
            location.SourceSpan.Length);
    }

    /// <summary>The submission's own tree; those that <c>#load</c> named come before it.</summary>
    public static SyntaxTree MainTree(CSharpCompilation compilation) => compilation.SyntaxTrees[^1];

    private static ITypeSymbol? ValueType(CSharpCompilation compilation, CancellationToken cancellation)
    {
        SyntaxTree tree = MainTree(compilation);
        return SubmissionSyntax.LastExpression(tree) is { } last
            ? compilation.GetSemanticModel(tree).GetTypeInfo(last, cancellation).Type
            : null;
    }

    private static bool IsAnonymous(ITypeSymbol type) => type switch
    {
        { IsAnonymousType: true } => true,
        IArrayTypeSymbol array => IsAnonymous(array.ElementType),
        INamedTypeSymbol named => named.TypeArguments.Any(IsAnonymous),
        _ => false,
    };

    private static List<string> References(CSharpCompilation compilation)
    {
        var paths = new List<string>();
        foreach (MetadataReference reference in compilation.DirectiveReferences)
        {
            if (reference is PortableExecutableReference { FilePath: { } path } && path != ScriptReferences.Core.FilePath)
                paths.Add(path);
        }

        return paths;
    }

    private static SourceFile Source(string path) => new(path, Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path))));
}
