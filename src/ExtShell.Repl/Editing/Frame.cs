using System.Text;
using Spectre.Console.Rendering;

namespace ExtShell.Repl.Editing;

/// <summary>What the editor shows, row by row: text is wrapped at the width, styles begin anew in each row.</summary>
internal sealed class Frame(int width, bool hasColours)
{
    private const string Plain = "\e[0m";
    private readonly List<StringBuilder> _rows = [new()];
    private int _column;

    /// <summary>The row of the caret, from 0.</summary>
    public int CaretRow { get; private set; }

    /// <summary>The column of the caret, from 0.</summary>
    public int CaretColumn { get; private set; }

    /// <summary>The rows.</summary>
    public IReadOnlyList<string> Rows => [.. _rows.Select(row => row.ToString())];

    /// <summary>Remembers that the caret is here.</summary>
    public void MarkCaret()
    {
        if (_column == width)
            NewRow();
        (CaretRow, CaretColumn) = (_rows.Count - 1, _column);
    }

    /// <summary>Begins a row.</summary>
    public void NewRow()
    {
        _rows.Add(new StringBuilder());
        _column = 0;
    }

    /// <summary>Adds text in a style; control characters are shown as a dot.</summary>
    /// <param name="text">The text, in one line.</param>
    /// <param name="style">SGR parameters such as <c>1;31</c>; empty for plain. Colours are left out where none are wanted.</param>
    public void Append(string text, string style = "")
    {
        bool isStyled = style.Length > 0 && (hasColours || style is "1" or "2" or "4" or "7");
        foreach (Rune rune in text.EnumerateRunes())
        {
            string shown = Rune.IsControl(rune) ? "·" : rune.ToString();
            int cells = rune.Value < 0x300 ? 1 : new Segment(shown).CellCount();
            if (_column + cells > width)
                NewRow();
            StringBuilder row = _rows[^1];
            if (isStyled)
                row.Append($"\e[{style}m").Append(shown).Append(Plain);
            else
                row.Append(shown);
            _column += cells;
        }
    }

    /// <summary>Adds text that is cut at the width.</summary>
    public void AppendCut(string text, string style = "")
    {
        int left = width - _column - 1;
        if (left <= 0)
            return;
        Append(text.Length <= left ? text : text[..Math.Max(0, left - 1)] + "…", style);
    }
}
