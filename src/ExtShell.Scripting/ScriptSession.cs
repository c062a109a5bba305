using System.Reflection;
using ExtShell.Scripting.Assistance;
using ExtShell.Scripting.Compiling;
using ExtShell.Scripting.Contracts;
using ExtShell.Scripting.Contracts.Assistance;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ExtShell.Scripting;

/// <summary>
/// One session. Each submission is compiled against the one before, emitted, loaded and run here, not by the scripting API's runner: that
/// one binds the globals by reflection in its own load context and does not find ours.
/// </summary>
/// <remarks>
/// The compiler's protocol for submissions: the entry point is a static factory that takes an array of submission states and returns a
/// task; state 0 is the globals object, state n the instance of submission n, which the factory stores.
/// (1) A first submission that comes from the cache is compiled only when a second one follows; it then has the same name, and so the same
/// types.
/// </remarks>
internal sealed class ScriptSession(Experiment experiment, CompilationCache cache) : IScriptSession
{
    private const string RestoreActivity = "Restoring packages";
    private readonly SubmissionContext _context = new();
    private readonly string _name = $"script{Guid.NewGuid():N}";
    private readonly Dictionary<Assembly, (string Code, string Path)> _sources = [];
    private object?[] _states = [experiment, null, null, null];
    private CSharpCompilation? _previous;
    private (string Name, string Code, string Path)? _uncompiledFirst;
    private string _lastType = "";
    private bool _isLastDeclared;
    private PackageSet _packages = PackageSet.None;
    private int _count;

    public IReadOnlyList<ScriptVariable> Variables => [.. DeclaredVariables()];

    public bool IsComplete(string code) => SubmissionSyntax.IsComplete(code);

    public async Task<ScriptResult> RunAsync(string code, string? path, CancellationToken cancellation)
    {
        CompiledScript script = path is not null && _count == 0 ? First(code, path, cancellation) : Next(code, path, cancellation);
        object? value = await Start(script, code, path).WaitAsync(cancellation);
        var result = new ScriptResult(script.HasValue, script.HasValue ? value : null);
        if (result.HasValue)
        {
            experiment.LastResult = value;
            _lastType = script.ResultType.Length > 0 ? script.ResultType : LastValue.TypeName(value?.GetType());
            _isLastDeclared = false;
        }

        return result;
    }

    public ScriptPlace? FindPlace(Exception failure) => FailurePlace.Find(
        failure, assembly => _sources.TryGetValue(assembly, out (string Code, string Path) source) ? source : null);

    public string ToScript(IReadOnlyList<SessionEntry> entries) => SubmissionText.ToScript(entries);

    public IReadOnlyList<ScriptDiagnostic> Check(string code) =>
        ScriptCompiler.Describe(ScriptCompiler.Compile(_name + "-check", code, null, null, _packages).GetDiagnostics());

    public CompletionList Complete(string code, int position)
    {
        CompletionList paths = TextCompletion.Find(code, position, this, experiment);
        return paths.Items.Count > 0 ? paths : Completer.Find(Compilation, Readable(code), position);
    }

    public SignatureHelp Signatures(string code, int position) => SignatureFinder.Find(Compilation, Readable(code), position);

    public IReadOnlyList<ClassifiedSpan> Classify(string code) => Classifier.Classify(Compilation(Readable(code)));

    /// <summary>A compilation of code that is being typed.</summary>
    internal CSharpCompilation Compilation(string code) => ScriptCompiler.Compile($"{_name}-typed", code, null, Previous(), _packages);

    private CompiledScript First(string code, string path, CancellationToken cancellation)
    {
        string key = CompilationCache.KeyOf(code, path);
        _uncompiledFirst = ("script" + key[..32], code, path);
        if (cache.Find(key) is { } found)
            return found;
        CompiledScript script = EmitFirst(cancellation);
        cache.Keep(key, script);
        return script;
    }

    private CompiledScript EmitFirst(CancellationToken cancellation) =>
        ScriptCompiler.Emit(Previous(cancellation)!, _packages, cancellation);

    private CompiledScript Next(string code, string? path, CancellationToken cancellation)
    {
        string text = path is null ? Readable(SubmissionSyntax.LacksLastSemicolon(code) ? code + ";" : code) : code;
        return Emit(text, path, cancellation);
    }

    private CompiledScript Emit(string code, string? path, CancellationToken cancellation)
    {
        CSharpCompilation compilation = CompileWithPackages($"{_name}-{_count}", code, path, Previous(cancellation), cancellation);
        CompiledScript script = ScriptCompiler.Emit(compilation, _packages, cancellation);
        _previous = compilation;
        return script;
    }

    private CSharpCompilation? Previous(CancellationToken cancellation = default)
    {
        if (_previous is null && _uncompiledFirst is var (name, code, path)) // (1)
            _previous = CompileWithPackages(name, code, path, null, cancellation);
        return _previous;
    }

    /// <summary>A compilation of code that is to run: packages that it names, and the session has not yet, are restored.</summary>
    private CSharpCompilation CompileWithPackages(
        string name, string code, string? path, CSharpCompilation? previous, CancellationToken cancellation)
    {
        CSharpCompilation compilation = ScriptCompiler.Compile(name, code, path, previous, _packages, cancellation);
        ReferenceDirectiveTriviaSyntax[] directives = [.. PackageReference.DirectivesOf(compilation)];
        PackageReference?[] named = [.. directives.Select(static directive => PackageReference.Parse(directive.File.ValueText))];
        if (named.All(package => package is not null && _packages.Packages.Contains(package)))
            return compilation;
        int wrong = Array.IndexOf(named, null);
        try
        {
            if (wrong >= 0)
                throw new PackageRestoreException("NuGet", "a package is named as #r \"nuget: Name\" or #r \"nuget: Name, 1.2.3\"");
            experiment.WriteProgress(RestoreActivity, string.Join(", ", named.AsEnumerable()));
            _packages = _packages.With(named!, ScriptCompiler.Folder(path), cancellation);
        }
        catch (PackageRestoreException failure)
        {
            Location place = directives[Math.Max(wrong, 0)].File.GetLocation();
            throw new ScriptCompilationException([ScriptCompiler.Describe(place, failure.Id, failure.Message)]);
        }
        finally
        {
            experiment.EndProgress(RestoreActivity);
        }

        return ScriptCompiler.Compile(name, code, path, previous, _packages, cancellation);
    }

    /// <summary>Loads the submission and calls its factory, which runs it up to its first wait.</summary>
    private Task<object> Start(CompiledScript script, string code, string? path)
    {
        foreach (string reference in script.References)
            _context.AddReference(reference);
        Assembly assembly = _context.Add(script.AssemblyName, script.Image, script.Symbols);
        _sources[assembly] = (code, path ?? "");
        MethodInfo factory = assembly.GetType(script.TypeName, throwOnError: true)!.GetMethod(
            script.MethodName, BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public)!;
        if (_states.Length < _count + 2)
            Array.Resize(ref _states, (_count + 2) * 2);
        _count++;
        return factory.CreateDelegate<Func<object?[], Task<object>>>()(_states);
    }

    /// <summary>The code as it can be compiled: where it reads <c>_</c>, the last value is declared and named.</summary>
    private string Readable(string code)
    {
        string replaced = LastValue.Replace(code);
        if (replaced == code || _isLastDeclared)
            return replaced;
        CompiledScript declaration;
        try
        {
            declaration = Emit(LastValue.Declare(_lastType), null, default);
        }
        catch (ScriptCompilationException)
        {
            declaration = Emit(LastValue.Declare(""), null, default);
        }

        _isLastDeclared = true;
        Start(declaration, "", null);
        return replaced;
    }

    private IEnumerable<ScriptVariable> DeclaredVariables()
    {
        var seen = new HashSet<string>(StringComparer.Ordinal) { LastValue.Name };
        for (int i = _count; i >= 1; i--)
        {
            if (_states[i] is not { } state)
                continue;
            FieldInfo[] fields = state.GetType()
                .GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly);
            foreach (FieldInfo field in fields.Reverse())
            {
                if (!field.Name.Contains('<', StringComparison.Ordinal) && seen.Add(field.Name))
                    yield return new ScriptVariable(field.Name, field.GetValue(state));
            }
        }
    }
}
