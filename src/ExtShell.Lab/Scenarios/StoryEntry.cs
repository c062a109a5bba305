namespace ExtShell.Lab.Scenarios;

/// <summary>One line of a story's timeline.</summary>
/// <param name="Position">The position of the write log: how many device events came before.</param>
/// <param name="Event">What happened.</param>
/// <param name="Text">What happened, in words.</param>
/// <param name="Call">The number of the call it belongs to; 0 for none.</param>
/// <param name="IsAboutFinding">Whether it belongs to the finding: the call that promised, its writes, the cut.</param>
public sealed record StoryEntry(int Position, StoryEvent Event, string Text, int Call, bool IsAboutFinding)
{
    /// <inheritdoc/>
    public override string ToString() => Text;
}
