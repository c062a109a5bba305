namespace ExtShell.Engine.IO;

/// <summary>Which context finishes a direct write whose data is on the device.</summary>
public enum CompletionPlace
{
    /// <summary>The caller that submitted it, who waits for it.</summary>
    Submitter,

    /// <summary>The interrupt that ended its last bio: only if nothing is left to do that could wait.</summary>
    Interrupt,

    /// <summary>The volume's completion worker: may start handles and wait for commits.</summary>
    Worker,
}
