using ExtShell.Format.Errors;
using ExtShell.Repl.Running;
using ExtShell.Scripting.Contracts;
using Spectre.Console;

namespace ExtShell.Repl.Display;

/// <summary>Where the program shows things: pictures on a terminal, plain text elsewhere, JSON lines where they are asked for.</summary>
/// <remarks>
/// With JSON standard output has the results and nothing else: what a script prints goes to standard error. Colours are left out where
/// NO_COLOR is set, and pictures where the output is no terminal.
/// </remarks>
internal sealed class Screen
{
    private readonly TextWriter _output;
    private readonly TextWriter _errors;
    private readonly IAnsiConsole? _pictures;
    private readonly bool _isJson;

    public Screen(TextWriter output, TextWriter errors, bool isJson)
    {
        (_output, _errors, _isJson) = (output, errors, isJson);
        Progress = Console.IsErrorRedirected || IsDumb ? null : new ProgressLine(errors);
        if (Console.IsOutputRedirected || isJson || IsDumb)
            return;
        var settings = new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) };
        if (!HasColours)
            settings.ColorSystem = ColorSystemSupport.NoColors;
        _pictures = AnsiConsole.Create(settings);
    }

    /// <summary>Whether colours are wanted.</summary>
    public static bool HasColours => string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));

    /// <summary>Whether the terminal understands nothing but lines.</summary>
    public static bool IsDumb => Environment.GetEnvironmentVariable("TERM") == "dumb";

    /// <summary>Shows how far scripts are; null where nobody watches.</summary>
    public ProgressLine? Progress { get; }

    /// <summary>Shows a result.</summary>
    public void Show(object? value)
    {
        Progress?.Clear();
        if (_pictures is not null)
            _pictures.Write(new Spectre.Console.Rows(Pictures.Of(value)));
        else if (_isJson)
            WriteLines(_output, JsonText.Lines(value));
        else
            WriteLines(_output, PlainText.Lines(value));
    }

    /// <summary>Shows what a script prints: texts as they are, other values as results.</summary>
    public void Print(object? value)
    {
        Progress?.Clear();
        if (_isJson)
            WriteLines(_errors, PlainText.Lines(value ?? ""));
        else if (value is null or string || _pictures is null)
            WriteLines(_output, PlainText.Lines(value ?? ""));
        else
            Show(value);
    }

    /// <summary>A line for the user, not a result.</summary>
    public void Note(string text)
    {
        Progress?.Clear();
        (_isJson ? _errors : _output).WriteLine(_pictures is null ? text : WrappedText.Of(text, _pictures.Profile.Width));
    }

    /// <summary>A picture for the user, not a result; its text where there are no pictures.</summary>
    public void Note(Spectre.Console.Rendering.IRenderable picture, string text)
    {
        if (_pictures is null)
            Note(text);
        else
            _pictures.Write(picture);
    }

    /// <summary>Tells what failed.</summary>
    /// <param name="failure">It.</param>
    /// <param name="place">Where in the script; null where that is plain, or nobody knows.</param>
    public void ShowError(Exception failure, ScriptPlace? place)
    {
        Progress?.Clear();
        InvariantException.Require(failure is not InvariantException, failure.Message);
        ShowError(failure is ScriptCompilationException ? failure.Message : ScriptFailure.Describe(failure, place));
    }

    /// <summary>Tells what went wrong.</summary>
    public void ShowError(string text)
    {
        Progress?.Clear();
        bool isColoured = HasColours && !Console.IsErrorRedirected && !IsDumb;
        _errors.WriteLine(isColoured ? $"\e[31m{text}\e[0m" : text);
    }

    private static void WriteLines(TextWriter to, IEnumerable<string> lines)
    {
        foreach (string line in lines)
            to.WriteLine(line);
    }
}
