using System.Text.Json;
using ExtShell.Scripting.Contracts;

namespace ExtShell.Repl.Editing;

/// <summary>What was submitted, now and in earlier runs, the oldest first.</summary>
/// <remarks>
/// A file in the user's data folder has a line for each submission, a JSON string. Lines are only ever added, so that two prompts can share
/// it; one that cannot be read is left out. It is cut to the newest <see cref="MostEntries"/> when it is read at more than twice as many.
/// A submission that begins with a space, or is the same as the one before it, is not kept. Where the file cannot be written the history is
/// that of the run.
/// </remarks>
internal sealed class History
{
    /// <summary>How many submissions are kept.</summary>
    public const int MostEntries = 2000;

    private readonly string _path;
    private readonly List<string> _entries;

    public History(string path)
    {
        _path = path;
        _entries = Load();
    }

    /// <summary>The submissions, the oldest first.</summary>
    public IReadOnlyList<string> Entries => _entries;

    /// <summary>The user's own.</summary>
    public static History OfUser() => new(Path.Combine(UserFolders.Data, "history"));

    /// <summary>Adds a submission.</summary>
    public void Add(string submission)
    {
        string text = submission.TrimEnd();
        if (text.Length == 0 || text[0] == ' ' || (_entries.Count > 0 && _entries[^1] == text))
            return;
        _entries.Add(text);
        Write(() => File.AppendAllText(_path, JsonSerializer.Serialize(text) + "\n"));
    }

    /// <summary>
    /// The newest entry older than <paramref name="before"/> that contains the text, in any case of letters; −1 for none.
    /// </summary>
    public int Find(string text, int before)
    {
        for (int i = Math.Min(before, _entries.Count) - 1; i >= 0; i--)
        {
            if (_entries[i].Contains(text, StringComparison.OrdinalIgnoreCase))
                return i;
        }

        return -1;
    }

    private List<string> Load()
    {
        var entries = new List<string>();
        try
        {
            if (!File.Exists(_path))
                return entries;
            foreach (string line in File.ReadLines(_path))
                AddLine(entries, line);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return entries;
        }

        if (entries.Count <= 2 * MostEntries)
            return entries;
        entries.RemoveRange(0, entries.Count - MostEntries);
        Write(() => File.WriteAllLines(_path, entries.Select(entry => JsonSerializer.Serialize(entry))));
        return entries;
    }

    private static void AddLine(List<string> entries, string line)
    {
        try
        {
            if (JsonSerializer.Deserialize<string>(line) is { Length: > 0 } entry)
                entries.Add(entry);
        }
        catch (JsonException)
        {
            // A line that was cut short, or is not ours.
        }
    }

    private void Write(Action write)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
            write();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // The history of this run is still there.
        }
    }
}
