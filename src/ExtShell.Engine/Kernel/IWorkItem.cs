namespace ExtShell.Engine.Kernel;

/// <summary>Something that a work queue's worker runs.</summary>
public interface IWorkItem
{
    /// <summary>What it is, for traces.</summary>
    string Description { get; }

    /// <summary>Runs it in worker context.</summary>
    ValueTask RunAsync();
}
