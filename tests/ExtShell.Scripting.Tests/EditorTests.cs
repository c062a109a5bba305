using ExtShell.Repl;
using ExtShell.Repl.Editing;
using ExtShell.Scripting.Contracts.Assistance;
using ExtShell.TestTools;

namespace ExtShell.Scripting.Tests;

/// <summary>The parts of the line editor, without a terminal.</summary>
public sealed class EditorTests
{
    [Fact]
    public void LinesAreIndentedAsTheyAreTyped()
    {
        var buffer = new EditBuffer();
        buffer.Insert("void F()");
        buffer.InsertLine();
        buffer.Type('{');
        buffer.InsertLine();
        buffer.Insert("return;");
        buffer.InsertLine();
        buffer.Type('}');
        Assert.Equal("void F()\n{\n    return;\n}", buffer.Text);
        Assert.Equal(buffer.Text.Length, buffer.Caret);
    }

    [Fact]
    public void TheCaretMovesByLettersWordsAndLines()
    {
        var buffer = new EditBuffer();
        buffer.Set("first line\n    second_word x");
        buffer.WordLeft();
        buffer.WordLeft();
        Assert.Equal("second_word x", buffer.Text[buffer.Caret..]);
        buffer.Up();
        Assert.Equal("t line", buffer.Text[buffer.Caret..10]);
        Assert.True(buffer.IsInFirstLine);
        buffer.ToLineEnd();
        buffer.Down();
        buffer.ToLineStart();
        Assert.Equal("second_word x", buffer.Text[buffer.Caret..]);
        buffer.ToLineStart();
        Assert.Equal("    second_word x", buffer.Text[buffer.Caret..]);
        buffer.WordRight();
        Assert.Equal(" x", buffer.Text[buffer.Caret..]);
    }

    [Fact]
    public void WhatIsCutCanBePutBackAndPairsStayTogether()
    {
        var buffer = new EditBuffer();
        buffer.Set("one two");
        buffer.CutWordLeft();
        Assert.Equal("one ", buffer.Text);
        buffer.Paste();
        buffer.Paste();
        Assert.Equal("one twotwo", buffer.Text);
        buffer.CutToLineStart();
        Assert.Equal("", buffer.Text);
        buffer.Insert("a\U0001F600");
        buffer.Backspace();
        Assert.Equal("a", buffer.Text);
        buffer.Set("        x");
        buffer.Left();
        buffer.Backspace();
        Assert.Equal("    x", buffer.Text);
    }

    [Fact]
    public void AFrameWrapsAtItsWidthAndKnowsWhereTheCaretIs()
    {
        var frame = new Frame(4, hasColours: false);
        frame.Append("abcdef");
        frame.MarkCaret();
        frame.Append("g\t漢", "31");
        Assert.Equal(["abcd", "efg·", "漢"], frame.Rows);
        Assert.Equal((1, 2), (frame.CaretRow, frame.CaretColumn));
        var full = new Frame(4, hasColours: true);
        full.Append("abcd", "31");
        full.MarkCaret();
        Assert.Equal((1, 0), (full.CaretRow, full.CaretColumn));
        Assert.StartsWith("\e[31ma\e[0m", full.Rows[0], StringComparison.Ordinal);
    }

    [Fact]
    public void TheMenuKnowsWhatAllItemsBeginWith()
    {
        CompletionItem[] items = [new("WriteDirect", CompletionKind.Method, ""), new("WriteBuffered", CompletionKind.Method, "")];
        var menu = new CompletionMenu(new CompletionList(0, 0, items), isAsked: false);
        Assert.Equal("Write", menu.CommonText());
        Assert.Null(menu.Item);
        menu.Move(1);
        menu.Move(1);
        Assert.Equal("WriteBuffered", menu.Item!.Text);
        menu.Move(1);
        Assert.Equal("WriteDirect", menu.Item!.Text);
    }

    [Fact]
    public void HistoryIsKeptBetweenRunsAndSearched()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "new", "history");
        var first = new History(path);
        first.Add("var v = 1;");
        first.Add("if (true)\n{\n}");
        first.Add("if (true)\n{\n}");
        first.Add(" secret");
        File.AppendAllText(path, "\"cut short");
        var second = new History(path);
        Assert.Equal(["var v = 1;", "if (true)\n{\n}"], second.Entries);
        Assert.Equal(0, second.Find("V =", 2));
        Assert.Equal(-1, second.Find("none", 2));
        Assert.Equal(-1, second.Find("if", 1));
    }

    [Fact]
    public void HistoryIsBounded()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("history");
        File.WriteAllLines(path, Enumerable.Range(0, (2 * History.MostEntries) + 1).Select(i => $"\"{i}\""));
        Assert.Equal(History.MostEntries, new History(path).Entries.Count);
        Assert.Equal(History.MostEntries, File.ReadAllLines(path).Length);
        Assert.Equal($"\"{2 * History.MostEntries}\"", File.ReadAllLines(path)[^1]);
    }

    [Theory]
    [InlineData(null, false, false, "-e", "1")]
    [InlineData(null, true, false, "--json", "-e", "1", "n=3")]
    [InlineData("-e takes one expression", false, false, "-e")]
    [InlineData("unknown option --nonsense", false, false, "--nonsense", "-e", "1")]
    [InlineData("no such script: none.csx", false, true, "-i", "none.csx")]
    [InlineData("-i needs standard input for the prompt, so the script is a file", false, true, "-i", "-")]
    public void ArgumentsAreRead(string? error, bool isJson, bool isInteractive, params string[] arguments)
    {
        ProgramArguments parsed = ProgramArguments.Parse(arguments);
        Assert.Equal((error, isJson, isInteractive), (parsed.Error, parsed.IsJson, parsed.IsInteractive));
    }
}
