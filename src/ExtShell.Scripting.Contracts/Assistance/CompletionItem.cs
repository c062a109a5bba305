namespace ExtShell.Scripting.Contracts.Assistance;

/// <summary>Something that can stand at a place.</summary>
/// <param name="Text">What is inserted.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Signature">
/// Its declaration in a line, such as <c>long FileHandle.WriteDirect(long offsetBytes, …)  (+ 1 overload)</c>.
/// </param>
public sealed record CompletionItem(string Text, CompletionKind Kind, string Signature)
{
    /// <summary>What its documentation says in a sentence or two; empty for what has none. Read when it is asked for.</summary>
    public Lazy<string> Summary { get; init; } = new("");
}
