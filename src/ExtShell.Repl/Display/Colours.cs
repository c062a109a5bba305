using Spectre.Console;

namespace ExtShell.Repl.Display;

/// <summary>The colours of all displays; the terminal's own sixteen, so that they fit any theme.</summary>
internal static class Colours
{
    public static Style Title { get; } = new(decoration: Decoration.Bold);

    public static Style Dim { get; } = new(decoration: Decoration.Dim);

    public static Style Good { get; } = new(Color.Green);

    public static Style Warning { get; } = new(Color.Yellow);

    public static Style Bad { get; } = new(Color.Red, decoration: Decoration.Bold);

    public static Style OfValue(object? value) => value switch
    {
        null => Dim,
        bool truth => truth ? Good : Warning,
        Enum => new Style(Color.Teal),
        string => Style.Plain,
        IFormattable => new Style(Color.Aqua),
        _ => Style.Plain,
    };

    /// <summary>The colour of a letter of an extent map.</summary>
    public static Style OfLetter(char letter) => letter switch
    {
        'W' => new Style(Color.Black, Color.Green),
        'u' => new Style(Color.Black, Color.Yellow),
        'p' => new Style(Color.Black, Color.Blue),
        'X' => new Style(Color.White, Color.Red),
        '+' => new Style(Color.Black, Color.Teal),
        _ => Dim,
    };
}
