using ExtShell.Repl.Display;

namespace ExtShell.Repl.Prompting;

/// <summary>
/// The prompt's own words, which begin with <c>#</c>. <c>#r</c> and <c>#load</c>, and C#'s own directives, are submissions.
/// </summary>
internal sealed class PromptCommands(PromptSession session, Screen screen)
{
    private static readonly string[] Words = ["help", "exit", "quit", "reset", "time", "save", "clear"];

    /// <summary>What is C#'s own, and runs as a submission.</summary>
    private static readonly string[] Directives =
    [
        "r", "load", "if", "else", "elif", "endif", "define", "undef", "region", "endregion", "pragma", "nullable", "line", "error",
        "warning",
    ];

    /// <summary>Whether the prompt is to end.</summary>
    public bool IsLeaving { get; private set; }

    /// <summary>Whether each submission is timed.</summary>
    public bool IsTiming { get; private set; }

    public static bool IsCommand(string text)
    {
        string line = text.Trim();
        return line.StartsWith('#') && !line.Contains('\n', StringComparison.Ordinal) && !Directives.Contains(Split(line).Word);
    }

    /// <summary>Does what the line says; answers an expression that is to be run and timed, or null.</summary>
    public string? Run(string line)
    {
        (string word, string rest) = Split(line.Trim());
        switch (word)
        {
            case "exit" or "quit":
                IsLeaving = true;
                break;
            case "reset":
                session.Reset();
                screen.Note("Begun anew: volumes are unmounted, nothing is declared.");
                break;
            case "time" when rest.Length > 0:
                return rest;
            case "time":
                IsTiming = !IsTiming;
                screen.Note(IsTiming ? "Each submission is timed; #time again ends it." : "Submissions are not timed.");
                break;
            case "save":
                Save(rest);
                break;
            case "clear":
                if (!Console.IsOutputRedirected)
                    Console.Clear();
                break;
            case "help":
                new HelpTopics(session, screen).Show(rest);
                break;
            default:
                screen.ShowError($"no command #{word}; there are {string.Join(", ", Words.Select(known => "#" + known))}, #load and #r");
                break;
        }

        return null;
    }

    private void Save(string file)
    {
        string path = file.Trim('"', ' ');
        if (path.Length == 0)
        {
            screen.ShowError("#save wants a file: FILE.csx, or FILE.Tests.ps1 for a Pester test");
            return;
        }

        try
        {
            screen.Note(SavedSession.Write(session, path));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            screen.ShowError($"not saved: {failure.Message}");
        }
    }

    private static (string Word, string Argument) Split(string line)
    {
        int space = line.IndexOf(' ', StringComparison.Ordinal);
        return space < 0 ? (line[1..], "") : (line[1..space], line[(space + 1)..].Trim());
    }
}
