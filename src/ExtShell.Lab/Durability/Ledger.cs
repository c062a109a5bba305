using ExtShell.Engine.Volumes;

namespace ExtShell.Lab.Durability;

/// <summary>What callers were promised in a run.</summary>
public sealed class Ledger
{
    /// <summary>Reads the promises of a history.</summary>
    /// <param name="history">What callers asked and were told.</param>
    /// <param name="options">How the volume was mounted: the journal mode decides what is promised.</param>
    public Ledger(History history, MountOptions options) => (History, Options) = (history, options);

    /// <summary>What callers asked and were told.</summary>
    public History History { get; }

    /// <summary>How the volume was mounted.</summary>
    public MountOptions Options { get; }
}
