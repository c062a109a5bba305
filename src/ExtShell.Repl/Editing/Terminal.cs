using System.Text;

namespace ExtShell.Repl.Editing;

/// <summary>The terminal while a submission is edited: keys one by one, Ctrl+C a key as any other, pasted text in one piece.</summary>
internal sealed class Terminal(TextWriter output)
{
    private const string PasteBegins = "[200~";
    private const string PasteEnds = "\e[201~";
    private readonly Queue<ConsoleKeyInfo> _waiting = new();

    /// <summary>Columns of the window.</summary>
    public static int Width => Console.WindowWidth > 0 ? Console.WindowWidth : 80;

    /// <summary>Rows of the window.</summary>
    public static int Height => Console.WindowHeight > 0 ? Console.WindowHeight : 24;

    /// <summary>Whether a key waits to be read.</summary>
    public bool HasKey => _waiting.Count > 0 || Console.KeyAvailable;

    public void Begin()
    {
        Console.TreatControlCAsInput = true;
        Write("\e[?2004h");
    }

    public void End()
    {
        Write("\e[?2004l");
        Console.TreatControlCAsInput = false;
    }

    /// <summary>The next key; or, with the key of no character, text that was pasted.</summary>
    public (ConsoleKeyInfo Key, string? Pasted) Read()
    {
        ConsoleKeyInfo key = Next();
        if (key.Key != ConsoleKey.Escape && key.KeyChar != '\e')
            return (key, null);
        foreach (char expected in PasteBegins)
        {
            if (!HasKey || Console.KeyAvailable && Peek(expected) is false)
                return (key, null);
        }

        _waiting.Clear();
        return (default, ReadPasted());
    }

    public void Write(string text)
    {
        output.Write(text);
        output.Flush();
    }

    private ConsoleKeyInfo Next() => _waiting.TryDequeue(out ConsoleKeyInfo key) ? key : Console.ReadKey(intercept: true);

    private bool Peek(char expected)
    {
        ConsoleKeyInfo key = Console.ReadKey(intercept: true);
        _waiting.Enqueue(key);
        return key.KeyChar == expected;
    }

    private static string ReadPasted()
    {
        var text = new StringBuilder();
        while (text.Length < PasteEnds.Length || !EndsWith(text, PasteEnds))
            text.Append(Console.ReadKey(intercept: true).KeyChar);
        text.Length -= PasteEnds.Length;
        return text.Replace("\r\n", "\n").Replace('\r', '\n').ToString();
    }

    private static bool EndsWith(StringBuilder text, string end)
    {
        for (int i = 0; i < end.Length; i++)
        {
            if (text[text.Length - end.Length + i] != end[i])
                return false;
        }

        return true;
    }
}
