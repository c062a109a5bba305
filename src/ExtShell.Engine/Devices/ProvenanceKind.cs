namespace ExtShell.Engine.Devices;

/// <summary>Why bytes were written.</summary>
public enum ProvenanceKind
{
    /// <summary>Not known: a foreign trace, or what the volume held before.</summary>
    Unknown,

    /// <summary>A file's data.</summary>
    Data,

    /// <summary>The journal's own blocks.</summary>
    Journal,

    /// <summary>Metadata at its home.</summary>
    Metadata,

    /// <summary>Zeroes that the engine wrote, so that a block shows nothing old.</summary>
    Zeroes,
}
