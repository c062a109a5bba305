namespace ExtShell.Engine.Kernel;

/// <summary>Something that a work queue's worker runs.</summary>
public interface IWorkItem
{
    /// <summary>Runs it in worker context.</summary>
    ValueTask RunAsync();
}
