using ExtShell.Engine.Volumes;

namespace ExtShell.Scripting.Contracts;

/// <summary>What a script sees as its own members: the verbs of ExtShell, its arguments, its output.</summary>
public sealed partial class Experiment : IDisposable
{
    private readonly Action<object?> _print;

    /// <summary>Makes the surroundings of a script.</summary>
    /// <param name="arguments">The script's arguments, as a command line has them.</param>
    /// <param name="output">Where it prints.</param>
    /// <param name="cancellation">Ends long work.</param>
    public Experiment(IReadOnlyList<string> arguments, TextWriter output, CancellationToken cancellation = default)
        : this(arguments, output.WriteLine, cancellation)
    {
    }

    /// <summary>Makes the surroundings of a script whose output is shown, not only written.</summary>
    /// <param name="arguments">The script's arguments, as a command line has them.</param>
    /// <param name="print">Is given what the script prints.</param>
    /// <param name="cancellation">Ends long work.</param>
    public Experiment(IReadOnlyList<string> arguments, Action<object?> print, CancellationToken cancellation = default)
    {
        Args = arguments;
        _print = print;
        Cancellation = cancellation;
        Arguments = ScriptArguments.Named(arguments);
    }

    /// <summary>The script's arguments, as a command line has them.</summary>
    public IReadOnlyList<string> Args { get; }

    /// <summary>The script's arguments by name: <c>n=3</c> of a command line, or what the caller in PowerShell gave.</summary>
    public IReadOnlyDictionary<string, object?> Arguments { get; init; }

    /// <summary>Ends long work: Ctrl+C.</summary>
    public CancellationToken Cancellation { get; set; }

    /// <summary>Is told what <see cref="WriteProgress"/> says.</summary>
    public IProgress<ScriptProgress>? ProgressListener { get; set; }

    /// <summary>The value of the last submission that had one; <c>_</c> at a prompt, where it has its own type.</summary>
    public object? LastResult { get; set; }

    /// <summary>An argument by name, converted to the type that is wanted.</summary>
    /// <param name="name">Its name; case does not matter.</param>
    /// <exception cref="ArgumentException">It was not given, or cannot be converted.</exception>
    public T Argument<T>(string name) => Arguments.TryGetValue(name, out object? value)
        ? ScriptArguments.Convert<T>(name, value)
        : throw new ArgumentException($"the script wants an argument '{name}'");

    /// <summary>An argument by name, or what stands for it where it was not given.</summary>
    /// <param name="name">Its name; case does not matter.</param>
    /// <param name="otherwise">The value where it was not given.</param>
    /// <exception cref="ArgumentException">It cannot be converted.</exception>
    public T Argument<T>(string name, T otherwise) =>
        Arguments.TryGetValue(name, out object? value) ? ScriptArguments.Convert<T>(name, value) : otherwise;

    /// <summary>Bytes to write: a letter, repeated.</summary>
    public static byte[] Fill(char letter, int lengthBytes)
    {
        var bytes = new byte[lengthBytes];
        bytes.AsSpan().Fill(checked((byte)letter));
        return bytes;
    }

    /// <summary>A file's blocks as a map: written, unwritten, hole, past the end.</summary>
    public static FileMap Map(FileHandle file) => FileMap.Of(file);

    /// <summary>Prints a value as a result would be shown; a text as it is.</summary>
    public void Print(object? value = null) => _print(value);

    /// <summary>Says how far the script is, where somebody watches.</summary>
    /// <param name="activity">What it does.</param>
    /// <param name="status">Where it is with that.</param>
    /// <param name="percent">How much is done, 0 to 100; −1 where nobody knows.</param>
    public void WriteProgress(string activity, string status, int percent = -1) =>
        ProgressListener?.Report(new ScriptProgress(activity, status, percent, false));

    /// <summary>Says that an activity has ended.</summary>
    public void EndProgress(string activity) => ProgressListener?.Report(new ScriptProgress(activity, "", 100, true));
}
