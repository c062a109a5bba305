namespace ExtShell.Engine.Kernel;

/// <summary>One thing that could happen next: a thread goes on, or an I/O ends.</summary>
/// <param name="Thread">The thread that would go on; null for an interrupt.</param>
/// <param name="Source">The source of the interrupt; null for a thread.</param>
/// <param name="Index">The index of the pending end in its source.</param>
/// <param name="Id">The thread's or the end's number: what a replay compares.</param>
public readonly record struct Choice(SimulatedThread? Thread, IInterruptSource? Source, int Index, int Id)
{
    /// <summary>Whether an I/O would end.</summary>
    public bool IsInterrupt => Source is not null;

    /// <summary>The choice in words, for traces.</summary>
    public string Describe() => Thread is not null
        ? $"{Thread.Name} goes on ({Thread.WaitingFor?.Describe() ?? "start"})"
        : Source!.DescribePending(Index);
}
