namespace ExtShell.Lab.Scheduling;

/// <summary>Ends a run that shows nothing (more): it is too long, or what it would show has been seen.</summary>
internal sealed class RunEndedException(bool isRedundant) : Exception(isRedundant ? "what the run would show has been seen"
    : "the run is too long")
{
    public bool IsRedundant { get; } = isRedundant;
}
