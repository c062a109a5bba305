using System.Text;

namespace ExtShell.Repl.Editing;

/// <summary>Puts frames on the terminal, each in the place of the one before.</summary>
internal sealed class Painter(Terminal terminal)
{
    private int _caretRow;

    /// <summary>Shows a frame. Of one that is taller than the window the rows around the caret are shown.</summary>
    public void Paint(Frame frame)
    {
        IReadOnlyList<string> rows = frame.Rows;
        int most = Math.Max(1, Terminal.Height - 1);
        int first = rows.Count <= most ? 0 : Math.Clamp(frame.CaretRow - (most / 2), 0, rows.Count - most);
        int count = Math.Min(rows.Count, most);
        var text = new StringBuilder("\e[?25l");
        Up(text, _caretRow);
        text.Append("\r\e[J");
        for (int i = 0; i < count; i++)
            text.Append(i == 0 ? "" : "\r\n").Append(rows[first + i]);
        _caretRow = frame.CaretRow - first;
        Up(text, count - 1 - _caretRow);
        text.Append('\r');
        if (frame.CaretColumn > 0)
            text.Append($"\e[{frame.CaretColumn}C");
        terminal.Write(text.Append("\e[?25h").ToString());
    }

    /// <summary>Leaves the last frame where it is; the caret goes below it.</summary>
    public void Leave(Frame frame)
    {
        Paint(frame);
        int below = Math.Min(frame.Rows.Count, Math.Max(1, Terminal.Height - 1)) - 1 - _caretRow;
        terminal.Write((below > 0 ? $"\e[{below}B" : "") + "\r\n");
        _caretRow = 0;
    }

    public void ClearWindow()
    {
        terminal.Write("\e[2J\e[H");
        _caretRow = 0;
    }

    private static void Up(StringBuilder text, int rows)
    {
        if (rows > 0)
            text.Append($"\e[{rows}A");
    }
}
