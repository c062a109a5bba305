namespace ExtShell.Engine.Kernel;

/// <summary>
/// Is told each step of a machine that a strategy drives: what runs from one scheduling point to the next, what else could have run, and
/// what the step touched. It takes notes, and may end the run by <see cref="Machine.Stop"/>.
/// </summary>
public interface IMachineObserver
{
    /// <summary>A step begins; the one before it is over.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="choices">What was on offer, in the fixed order; one choice was no decision.</param>
    /// <param name="pick">Which of them runs.</param>
    void OnStep(Machine machine, ReadOnlySpan<Choice> choices, int pick);

    /// <summary>The running step touches a resource, or bytes [<paramref name="first"/>, <paramref name="end"/>) of it.</summary>
    void OnTouch(object resource, long first, long end, AccessKind access);
}
