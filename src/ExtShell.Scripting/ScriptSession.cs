using System.Reflection;
using System.Text;
using ExtShell.Scripting.Contracts;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Scripting;
using Microsoft.CodeAnalysis.Text;

namespace ExtShell.Scripting;

/// <summary>
/// One session. Each submission is compiled against the one before, emitted, loaded and run here, not by the scripting API's runner: that one
/// binds the globals by reflection in its own load context and does not find ours.
/// </summary>
/// <remarks>
/// The compiler's protocol for submissions: the entry point is a static factory that takes an array of submission states and returns a task;
/// state 0 is the globals object, state n the instance of submission n, which the factory stores.
/// </remarks>
internal sealed class ScriptSession : IScriptSession
{
    private static readonly CSharpParseOptions ParseOptions = new(LanguageVersion.Latest, DocumentationMode.None, SourceCodeKind.Script);
    private readonly Experiment _experiment;
    private readonly SubmissionContext _context = new();
    private readonly string _name = $"script{Guid.NewGuid():N}";
    private object?[] _states;
    private CSharpCompilation? _previous;
    private int _count;

    public ScriptSession(Experiment experiment)
    {
        _experiment = experiment;
        _states = [experiment, null];
    }

    public bool IsComplete(string code) => SyntaxFactory.IsCompleteSubmission(Parse(code)) || LacksLastSemicolon(code);

    public async Task<object?> RunAsync(string code, string? path, CancellationToken cancellation)
    {
        CSharpCompilation compilation = Compile(path is null && LacksLastSemicolon(code) ? code + ";" : code, path, cancellation);
        MethodInfo factory = Load(compilation, cancellation);
        if (_states.Length < _count + 2)
            Array.Resize(ref _states, (_count + 2) * 2);
        _previous = compilation;
        _count++;
        var run = (Task<object>)factory.Invoke(null, [_states])!;
        return await run.WaitAsync(cancellation);
    }

    private static SyntaxTree Parse(string code) => SyntaxFactory.ParseSyntaxTree(code, ParseOptions);

    /// <summary>Whether the code ends in a declaration with a value, whole but for its semicolon.</summary>
    private static bool LacksLastSemicolon(string code)
    {
        if (SyntaxFactory.IsCompleteSubmission(Parse(code)))
            return false;
        SyntaxTree closed = Parse(code + ";");
        return closed.GetCompilationUnitRoot().Members.LastOrDefault() is FieldDeclarationSyntax { Declaration.Variables: [.., { Initializer: not null }] }
            && !closed.GetDiagnostics().Any(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
    }

    private CSharpCompilation Compile(string code, string? path, CancellationToken cancellation)
    {
        SourceText text = SourceText.From(code, Encoding.UTF8);
        SyntaxTree tree = SyntaxFactory.ParseSyntaxTree(text, ParseOptions, path ?? "", cancellation);
        string folder = path is null ? Environment.CurrentDirectory : Path.GetDirectoryName(Path.GetFullPath(path))!;
        CSharpCompilationOptions options = new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary)
            .WithUsings(ScriptReferences.Usings)
            .WithOptimizationLevel(OptimizationLevel.Release)
            .WithAllowUnsafe(false)
            .WithNullableContextOptions(NullableContextOptions.Annotations)
            .WithSourceReferenceResolver(ScriptSourceResolver.Default.WithBaseDirectory(folder))
            .WithMetadataReferenceResolver(ScriptMetadataResolver.Default.WithBaseDirectory(folder));
        return CSharpCompilation.CreateScriptCompilation(
            $"{_name}-{_count}", tree, ScriptReferences.All, options, _previous, typeof(object), typeof(Experiment));
    }

    private MethodInfo Load(CSharpCompilation compilation, CancellationToken cancellation)
    {
        using var image = new MemoryStream();
        using var symbols = new MemoryStream();
        var emitted = compilation.Emit(image, symbols, cancellationToken: cancellation);
        if (!emitted.Success)
            throw new ScriptCompilationException(Describe(emitted.Diagnostics));
        foreach (MetadataReference reference in compilation.DirectiveReferences)
        {
            if (reference is PortableExecutableReference { FilePath: { } file })
                _context.AddReference(file);
        }

        image.Position = 0;
        symbols.Position = 0;
        Assembly assembly = _context.Add(compilation.AssemblyName!, image, symbols);
        IMethodSymbol entry = compilation.GetEntryPoint(cancellation)!;
        return assembly.GetType(entry.ContainingType.MetadataName, throwOnError: true)!.GetMethod(
            entry.MetadataName, BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public)!;
    }

    private static List<ScriptDiagnostic> Describe(IEnumerable<Diagnostic> diagnostics)
    {
        var described = new List<ScriptDiagnostic>();
        foreach (Diagnostic diagnostic in diagnostics)
        {
            if (diagnostic.Severity != DiagnosticSeverity.Error)
                continue;
            FileLinePositionSpan place = diagnostic.Location.GetLineSpan();
            SourceText? text = diagnostic.Location.SourceTree?.GetText();
            string line = text is null ? "" : text.Lines[place.StartLinePosition.Line].ToString();
            described.Add(new ScriptDiagnostic(
                diagnostic.Id,
                diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture),
                place.Path ?? "",
                place.StartLinePosition.Line + 1,
                place.StartLinePosition.Character + 1,
                line,
                diagnostic.Location.SourceSpan.Length));
        }

        return described;
    }
}
