using ExtShell.Lab.Durability;

namespace ExtShell.Lab.Scenarios;

/// <summary>A finding, told: what was promised, what happened, what is there, and where each byte came from.</summary>
public sealed class Story
{
    internal Story(
        Violation violation,
        int cut,
        IReadOnlyList<StoryEntry> timeline,
        IReadOnlyList<StoryBytes> bytes,
        IReadOnlyList<string> choices,
        IReadOnlyList<string> file)
    {
        (Violation, Cut, Timeline, Bytes, Choices, File) = (violation, cut, timeline, bytes, choices, file);
    }

    /// <summary>The broken promise.</summary>
    public Violation Violation { get; }

    /// <summary>The cut that the story tells: a position of the write log.</summary>
    public int Cut { get; }

    /// <summary>What happened up to the cut, the cut included.</summary>
    public IReadOnlyList<StoryEntry> Timeline { get; }

    /// <summary>The file after recovery, stretch by stretch.</summary>
    public IReadOnlyList<StoryBytes> Bytes { get; }

    /// <summary>What the disk held where more than one content was possible.</summary>
    public IReadOnlyList<string> Choices { get; }

    /// <summary>The file after recovery: its name, size and links.</summary>
    public IReadOnlyList<string> File { get; }

    /// <summary>The story as lines of plain text.</summary>
    public IEnumerable<string> ToLines()
    {
        LedgerRule? rule = Violation.Rule > 0 ? LedgerRules.All[Violation.Rule - 1] : null;
        yield return $"{Violation.Kind}{(Violation.Path.Length > 0 ? " in " + Violation.Path : "")}";
        yield return $"  promised: {Violation.Promise}";
        yield return $"  found:    {Violation.Found}";
        if (rule is not null)
            yield return $"  rule {rule.Number}, {rule.Name.ToLowerInvariant()}: {rule.Source}";
        yield return "";
        yield return $"What happened (cut {Cut}: the power fails after {Cut} events of the device)";
        foreach (StoryEntry entry in Timeline)
            yield return $"{(entry.IsAboutFinding ? ">" : " ")} {Mark(entry)} {entry.Text}";
        yield return "";
        yield return "What the disk held at the cut, where the device had a choice";
        foreach (string choice in Choices)
            yield return "  " + choice;
        if (Choices.Count == 0)
            yield return "  no choice: everything was durable, or nothing else was possible";
        yield return "";
        yield return "What is there after recovery";
        foreach (string line in File)
            yield return "  " + line;
        foreach (StoryBytes bytes in Bytes)
            yield return bytes.ToString();
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join('\n', ToLines());

    private static string Mark(StoryEntry entry) => entry.Event switch
    {
        StoryEvent.Call => "call  ",
        StoryEvent.Acknowledged => "done  ",
        StoryEvent.Submitted or StoryEvent.Ended => "  disk",
        StoryEvent.FlushSubmitted or StoryEvent.FlushEnded => "  disk",
        StoryEvent.Omitted => "      ",
        _ => "======",
    };
}
