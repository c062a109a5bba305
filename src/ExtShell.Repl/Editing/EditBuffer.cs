namespace ExtShell.Repl.Editing;

/// <summary>Text that is being edited, and the caret in it.</summary>
internal sealed class EditBuffer
{
    private const string Indent = "    ";
    private string _killed = "";

    /// <summary>The text, lines divided by <c>\n</c>.</summary>
    public string Text { get; private set; } = "";

    /// <summary>Where the caret is: an index into the text.</summary>
    public int Caret { get; private set; }

    /// <summary>Whether the caret is in the first line.</summary>
    public bool IsInFirstLine => LineStart(Caret) == 0;

    /// <summary>Whether the caret is in the last line.</summary>
    public bool IsInLastLine => LineEnd(Caret) == Text.Length;

    /// <summary>Whether there is nothing but white space before the caret in its line.</summary>
    public bool IsAtIndent => string.IsNullOrWhiteSpace(Text[LineStart(Caret)..Caret]);

    /// <summary>Whether there is a dot before the caret.</summary>
    public bool EndsInDot => Caret > 0 && Text[Caret - 1] == '.';

    /// <summary>Whether the last two lines have nothing but an indent.</summary>
    public bool EndsInTwoEmptyLines => Text.Split('\n') is [_, .., var last, var end] && string.IsNullOrWhiteSpace(last + end);

    public void Set(string text) => (Text, Caret) = (text, text.Length);

    public void Insert(string text)
    {
        Text = Text.Insert(Caret, text);
        Caret += text.Length;
    }

    /// <summary>Inserts a letter as it is typed: a brace that closes goes back one indent.</summary>
    public void Type(char letter)
    {
        if (letter == '}' && IsAtIndent && Text[LineStart(Caret)..Caret].EndsWith(Indent, StringComparison.Ordinal))
            Replace(Caret - Indent.Length, Indent.Length, "");
        Insert(letter.ToString());
    }

    public void InsertIndent() => Insert(Indent);

    /// <summary>Inserts a new line, indented as the one before, or one more after what opens.</summary>
    public void InsertLine()
    {
        string line = Text[LineStart(Caret)..Caret];
        string indent = line[..(line.Length - line.TrimStart().Length)];
        bool isOpen = line.TrimEnd() is [.., '{' or '(' or '['];
        Insert("\n" + indent + (isOpen ? Indent : ""));
    }

    /// <summary>Replaces a part; the caret is after the new text.</summary>
    public void Replace(int start, int length, string text)
    {
        Text = Text.Remove(start, length).Insert(start, text);
        Caret = start + text.Length;
    }

    public void Backspace()
    {
        string before = Text[LineStart(Caret)..Caret];
        bool isIndent = before.Length > 0 && before.Length % Indent.Length == 0 && string.IsNullOrWhiteSpace(before);
        int start = isIndent ? Caret - Indent.Length : Previous(Caret);
        Replace(start, Caret - start, "");
    }

    public void Delete() => Cut(Caret, Next(Caret), isKept: false);

    public void Left() => Caret = Previous(Caret);

    public void Right() => Caret = Next(Caret);

    public void WordLeft() => Caret = WordStart(Caret);

    public void WordRight() => Caret = WordEnd(Caret);

    public void ToLineStart()
    {
        int start = LineStart(Caret);
        int indent = start;
        while (indent < Text.Length && Text[indent] == ' ')
            indent++;
        Caret = Caret == indent ? start : indent;
    }

    public void ToLineEnd() => Caret = LineEnd(Caret);

    public void ToStart() => Caret = 0;

    public void ToEnd() => Caret = Text.Length;

    public void Up() => ToLine(LineStart(Caret) - 1);

    public void Down() => ToLine(LineEnd(Caret) + 1);

    public void CutToLineEnd() => Cut(Caret, LineEnd(Caret) == Caret ? Next(Caret) : LineEnd(Caret));

    public void CutToLineStart() => Cut(LineStart(Caret), Caret);

    public void CutWordLeft() => Cut(WordStart(Caret), Caret);

    public void CutWordRight() => Cut(Caret, WordEnd(Caret));

    public void Paste() => Insert(_killed);

    private void Cut(int start, int end, bool isKept = true)
    {
        if (isKept && end > start)
            _killed = Text[start..end];
        Replace(start, end - start, "");
    }

    private void ToLine(int place)
    {
        int column = Caret - LineStart(Caret);
        int start = LineStart(Math.Clamp(place, 0, Text.Length));
        Caret = Math.Min(start + column, LineEnd(start));
    }

    private int Previous(int from) => from > 1 && char.IsLowSurrogate(Text[from - 1]) ? from - 2 : Math.Max(0, from - 1);

    private int Next(int from) => from < Text.Length - 1 && char.IsHighSurrogate(Text[from]) ? from + 2 : Math.Min(Text.Length, from + 1);

    private int LineStart(int from) => from == 0 ? 0 : Text.LastIndexOf('\n', from - 1) + 1;

    private int LineEnd(int from) => Text.IndexOf('\n', from) is var end and >= 0 ? end : Text.Length;

    private int WordStart(int from)
    {
        while (from > 0 && !IsWord(Text[from - 1]))
            from--;
        while (from > 0 && IsWord(Text[from - 1]))
            from--;
        return from;
    }

    private int WordEnd(int from)
    {
        while (from < Text.Length && !IsWord(Text[from]))
            from++;
        while (from < Text.Length && IsWord(Text[from]))
            from++;
        return from;
    }

    private static bool IsWord(char letter) => char.IsLetterOrDigit(letter) || letter == '_';
}
