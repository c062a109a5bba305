namespace ExtShell.Engine.Kernel;

/// <summary>A thread of a deadlock: what it waits for, and who would have to give it.</summary>
/// <param name="Thread">The thread's name.</param>
/// <param name="WaitsFor">What it waits for, in words.</param>
/// <param name="Holders">The threads that hold it, by name; empty where nobody does, or nobody is known to.</param>
public sealed record WaitingThread(string Thread, string WaitsFor, IReadOnlyList<string> Holders)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Thread} waits for {WaitsFor}";
}
