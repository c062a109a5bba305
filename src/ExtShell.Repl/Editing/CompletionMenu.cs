using ExtShell.Scripting.Contracts.Assistance;

namespace ExtShell.Repl.Editing;

/// <summary>The list of what can stand at the caret, and which of it is chosen.</summary>
internal sealed class CompletionMenu(CompletionList list, bool isAsked)
{
    private const int MostRows = 8;
    private const int MostSummaryRows = 3;

    /// <summary>Whether the user asked for it with Tab; else it came by itself, and nothing is chosen until Tab is pressed.</summary>
    public bool IsAsked { get; } = isAsked;

    /// <summary>The index of the chosen item; −1 for none.</summary>
    public int Chosen { get; private set; } = isAsked ? 0 : -1;

    public CompletionList List { get; } = list;

    /// <summary>The chosen item; null for none.</summary>
    public CompletionItem? Item => Chosen < 0 ? null : List.Items[Chosen];

    public void Move(int by)
    {
        int count = List.Items.Count;
        Chosen = Chosen < 0 ? (by > 0 ? 0 : count - 1) : (Chosen + by + count) % count;
    }

    /// <summary>The longest text with which all items begin.</summary>
    public string CommonText()
    {
        string common = List.Items[0].Text;
        foreach (CompletionItem item in List.Items)
        {
            int length = 0;
            while (length < Math.Min(common.Length, item.Text.Length) && common[length] == item.Text[length])
                length++;
            common = common[..length];
        }

        return common;
    }

    public void Draw(Frame frame, int width)
    {
        int shown = Math.Max(0, Chosen);
        int first = Math.Clamp(shown - (MostRows / 2), 0, Math.Max(0, List.Items.Count - MostRows));
        int end = Math.Min(List.Items.Count, first + MostRows);
        int column = Math.Min(width / 2, List.Items.Skip(first).Take(end - first).Max(item => item.Text.Length) + 1);
        for (int i = first; i < end; i++)
        {
            CompletionItem item = List.Items[i];
            frame.NewRow();
            frame.Append($"  {Mark(item.Kind)} ", ColourOf(item.Kind));
            string name = item.Text.Length > column ? item.Text[..column] : item.Text.PadRight(column);
            frame.Append(name, i == Chosen ? "7" : "");
            frame.AppendCut("  " + item.Signature, "2");
        }

        if (end < List.Items.Count || first > 0)
        {
            frame.NewRow();
            frame.AppendCut($"    {shown + 1} of {List.Items.Count}", "2");
        }

        if (Item is { } chosen)
            DrawSummary(frame, chosen.Summary.Value, width);
    }

    private static void DrawSummary(Frame frame, string summary, int width)
    {
        string rest = summary;
        for (int row = 0; row < MostSummaryRows && rest.Length > 0; row++)
        {
            int length = Math.Min(rest.Length, width - 4);
            if (length < rest.Length && rest.LastIndexOf(' ', length - 1) is var space and > 0)
                length = space;
            frame.NewRow();
            frame.Append("  " + rest[..length], "36");
            rest = rest[length..].TrimStart();
        }
    }

    private static string Mark(CompletionKind kind) => kind switch
    {
        CompletionKind.Method => "ƒ",
        CompletionKind.Property => "·",
        CompletionKind.Variable => "x",
        CompletionKind.Constant => "=",
        CompletionKind.Type => "T",
        CompletionKind.Namespace => "N",
        CompletionKind.Path => "/",
        _ => "k",
    };

    private static string ColourOf(CompletionKind kind) => kind switch
    {
        CompletionKind.Method => "33",
        CompletionKind.Type or CompletionKind.Namespace => "32",
        CompletionKind.Keyword => "35",
        _ => "36",
    };
}
