namespace ExtShell.Scripting.Compiling;

/// <summary>
/// A submission as the compiler left it: all that is needed to run it, and to know whether it is still what its sources say.
/// </summary>
internal sealed record CompiledScript
{
    /// <summary>The assembly's name, by which later submissions refer to it.</summary>
    public required string AssemblyName { get; init; }

    /// <summary>The assembly.</summary>
    public required byte[] Image { get; init; }

    /// <summary>Its portable symbols.</summary>
    public required byte[] Symbols { get; init; }

    /// <summary>The type that has the factory.</summary>
    public required string TypeName { get; init; }

    /// <summary>The factory: takes the states of the session, returns a task.</summary>
    public required string MethodName { get; init; }

    /// <summary>Whether the submission has a value: it ends in an expression that has one, or returns one.</summary>
    public required bool HasValue { get; init; }

    /// <summary>The value's type as C# writes it; empty where it has none, or one that cannot be written.</summary>
    public string ResultType { get; init; } = "";

    /// <summary>The assemblies that <c>#r</c> named, by path.</summary>
    public required IReadOnlyList<string> References { get; init; }

    /// <summary>Every other file that the result depends on: what <c>#load</c> and <c>#r</c> named.</summary>
    public required IReadOnlyList<SourceFile> Sources { get; init; }
}

/// <summary>A file that a compilation read.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Hash">The SHA-256 of its content, in hexadecimal.</param>
internal readonly record struct SourceFile(string Path, string Hash);
