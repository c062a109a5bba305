using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace ExtShell.Lab.Scenarios;

/// <summary>
/// A line of a scenario's text: words and <c>key=value</c> pairs, divided by blanks. A word with blanks, quotes, '=' or '#' in it stands in
/// double quotes, where \" and \\ stand for themselves. What follows a '#' is a comment.
/// </summary>
internal sealed class TextLine
{
    private readonly int _number;
    private readonly Queue<string> _words = new();
    private readonly Dictionary<string, string> _values = [];
    private readonly SortedSet<string> _keys = new(StringComparer.Ordinal);

    private TextLine(int number) => _number = number;

    public bool IsEmpty => _words.Count == 0 && _values.Count == 0;

    public static TextLine Parse(int number, string text)
    {
        var line = new TextLine(number);
        int at = 0;
        while (true)
        {
            while (at < text.Length && char.IsWhiteSpace(text[at]))
                at++;
            if (at >= text.Length || text[at] == '#')
                return line;
            string word = line.ReadWord(text, ref at);
            if (at < text.Length && text[at] == '=')
            {
                at++;
                if (!line._values.TryAdd(word, line.ReadWord(text, ref at)))
                    throw line.Malformed($"'{word}' is given twice");
            }
            else
            {
                line._words.Enqueue(word);
            }
        }
    }

    public static string Quote(string word)
    {
        bool isPlain = word.Length > 0;
        foreach (char c in word)
            isPlain &= !char.IsWhiteSpace(c) && c is not ('"' or '=' or '#' or '\\');
        return isPlain
            ? word
            : "\"" + word.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + "\"";
    }

    public string Word(string what) => _words.TryDequeue(out string? word) ? word : throw Malformed($"{what} is missing");

    public bool TryWord(out string word) => _words.TryDequeue(out word!);

    public bool TakeFlag(string flag)
    {
        if (!_words.TryPeek(out string? word) || word != flag)
            return false;
        _words.Dequeue();
        return true;
    }

    public string Value(string key, string otherwise) => TryTake(key, out string? value) ? value : otherwise;

    public long Number(string key) =>
        TryTake(key, out string? value) ? ParseNumber(value) : throw Malformed($"{key}= is missing");

    public long Number(string key, long otherwise) => TryTake(key, out string? value) ? ParseNumber(value) : otherwise;

    public bool Flag(string key, bool otherwise) => Value(key, otherwise ? "yes" : "no") switch
    {
        "yes" => true,
        "no" => false,
        _ => throw Malformed($"{key}= is yes or no"),
    };

    public T Named<T>(string key, T otherwise)
        where T : struct, Enum
    {
        if (!TryTake(key, out string? value))
            return otherwise;
        return Enum.TryParse(value, true, out T parsed)
            ? parsed
            : throw Malformed($"{key}= is one of {string.Join(", ", Enum.GetNames<T>())}");
    }

    public void End()
    {
        if (_words.TryPeek(out string? word))
            throw Malformed($"'{word}' is not understood here");
        foreach (string key in _values.Keys)
            throw Malformed(
                _keys.Count == 0 ? $"'{key}=' is not understood here" : $"'{key}=' is not understood here; {string.Join(", ", _keys)} are");
    }

    public FormatException Malformed(string text) => new($"line {_number}: {text}");

    public static string Size(long bytes) => bytes switch
    {
        > 0 when bytes % (1L << 30) == 0 => $"{bytes >> 30}GiB",
        > 0 when bytes % (1L << 20) == 0 => $"{bytes >> 20}MiB",
        > 0 when bytes % (1L << 16) == 0 => $"{bytes >> 10}KiB",
        _ => bytes.ToString(CultureInfo.InvariantCulture),
    };

    private bool TryTake(string key, [NotNullWhen(true)] out string? value)
    {
        _keys.Add(key);
        return _values.Remove(key, out value);
    }

    private long ParseNumber(string value)
    {
        int shift = value.EndsWith("GiB", StringComparison.Ordinal) ? 30
            : value.EndsWith("MiB", StringComparison.Ordinal) ? 20
            : value.EndsWith("KiB", StringComparison.Ordinal) ? 10 : 0;
        string digits = shift == 0 ? value : value[..^3];
        return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number <= long.MaxValue >> shift
            ? number << shift
            : throw Malformed($"'{value}' is no number");
    }

    private string ReadWord(string text, ref int at)
    {
        if (at < text.Length && text[at] == '"')
            return ReadQuoted(text, ref at);
        int start = at;
        while (at < text.Length && !char.IsWhiteSpace(text[at]) && text[at] is not ('=' or '#' or '"'))
            at++;
        return at > start ? text[start..at] : throw Malformed("a word is missing");
    }

    private string ReadQuoted(string text, ref int at)
    {
        var word = new StringBuilder();
        for (at++; at < text.Length && text[at] != '"'; at++)
        {
            if (text[at] == '\\')
                at++;
            if (at < text.Length)
                word.Append(text[at]);
        }

        if (at++ >= text.Length)
            throw Malformed("a quote is not closed");
        return word.ToString();
    }
}
