namespace ExtShell.Scripting.Contracts;

/// <summary>What a script sees as its own members: the verbs of ExtShell, its arguments, its output.</summary>
public sealed partial class Experiment : IDisposable
{
    private readonly TextWriter _output;

    /// <summary>Makes the surroundings of a script.</summary>
    /// <param name="arguments">The script's arguments.</param>
    /// <param name="output">Where it prints.</param>
    /// <param name="cancellation">Ends long work.</param>
    public Experiment(IReadOnlyList<string> arguments, TextWriter output, CancellationToken cancellation = default)
    {
        Args = arguments;
        _output = output;
        Cancellation = cancellation;
    }

    /// <summary>The script's arguments.</summary>
    public IReadOnlyList<string> Args { get; }

    /// <summary>Ends long work: Ctrl+C.</summary>
    public CancellationToken Cancellation { get; set; }

    /// <summary>Bytes to write: a letter, repeated.</summary>
    public static byte[] Fill(char letter, int lengthBytes)
    {
        var bytes = new byte[lengthBytes];
        bytes.AsSpan().Fill(checked((byte)letter));
        return bytes;
    }

    /// <summary>Prints a line.</summary>
    public void Print(object? value = null) => _output.WriteLine(value);
}
