namespace ExtShell.Scripting.Contracts.Assistance;

/// <summary>What can stand at a place.</summary>
/// <param name="Start">Where the text begins that an item replaces.</param>
/// <param name="Length">How long that text is; what is typed of it filters the items.</param>
/// <param name="Items">The items, the likeliest first.</param>
public sealed record CompletionList(int Start, int Length, IReadOnlyList<CompletionItem> Items)
{
    /// <summary>Nothing.</summary>
    public static CompletionList None { get; } = new(0, 0, []);
}
