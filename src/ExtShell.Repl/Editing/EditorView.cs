using ExtShell.Scripting.Contracts.Assistance;

namespace ExtShell.Repl.Editing;

/// <summary>Draws the editor: the prompt's title, the submission in colours, and below it the menu, the signature or the search.</summary>
internal static class EditorView
{
    private const string Continued = "… ";

    public static void DrawTitle(Frame frame, string title)
    {
        if (title.Length == 0)
            return;
        frame.AppendCut(title, "2");
        frame.NewRow();
    }

    public static void DrawText(Frame frame, EditBuffer buffer, IReadOnlyList<ClassifiedSpan> spans)
    {
        string text = buffer.Text;
        frame.Append("> ", "1");
        int next = 0;
        for (int at = 0; at <= text.Length; at++)
        {
            if (at == buffer.Caret)
                frame.MarkCaret();
            if (at == text.Length)
                break;
            while (next < spans.Count && spans[next].Start + spans[next].Length <= at)
                next++;
            if (text[at] == '\n')
            {
                frame.NewRow();
                frame.Append(Continued, "2");
                continue;
            }

            bool isPair = char.IsHighSurrogate(text[at]) && at + 1 < text.Length;
            frame.Append(text.Substring(at, isPair ? 2 : 1), next < spans.Count && spans[next].Start <= at
                ? StyleOf(spans[next].Kind) : "");
            if (isPair)
                at++;
        }
    }

    public static void DrawSignature(Frame frame, SignatureHelp help)
    {
        SignatureItem item = help.Items[help.Best];
        frame.NewRow();
        frame.Append($"  {item.Name}(", "2");
        for (int i = 0; i < item.Parameters.Count; i++)
        {
            bool isTyped = i == help.Parameter || (i == item.Parameters.Count - 1 && help.Parameter > i);
            frame.Append(item.Parameters[i], isTyped ? "1" : "2");
            frame.Append(i < item.Parameters.Count - 1 ? ", " : "", "2");
        }

        frame.Append(help.Items.Count > 1 ? $")  {help.Best + 1} of {help.Items.Count}" : ")", "2");
        string summary = help.Parameter >= 0 && help.Parameter < item.ParameterSummaries.Count
            ? item.ParameterSummaries[help.Parameter] : "";
        if (summary.Length == 0)
            summary = item.Summary;
        if (summary.Length == 0)
            return;
        frame.NewRow();
        frame.AppendCut("  " + summary, "36");
    }

    public static void DrawSearch(Frame frame, string text, bool isFound)
    {
        frame.NewRow();
        frame.AppendCut($"  history: {text}", isFound ? "1" : "31");
        frame.AppendCut(isFound ? "   Ctrl+R older, Enter takes it, Esc goes back" : "   not found", "2");
    }

    private static string StyleOf(CodeKind kind) => kind switch
    {
        CodeKind.Keyword => "35",
        CodeKind.Text => "31",
        CodeKind.Number => "36",
        CodeKind.Comment => "2",
        CodeKind.Directive => "35",
        CodeKind.Type => "32",
        CodeKind.Method => "33",
        CodeKind.Property => "36",
        _ => "",
    };
}
