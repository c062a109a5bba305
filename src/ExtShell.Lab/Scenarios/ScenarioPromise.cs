namespace ExtShell.Lab.Scenarios;

/// <summary>
/// Something that must hold in a scenario's runs beyond what the ledger says of every run: what its callers were told to expect of this
/// volume. In a scenario's text: <c>hold</c> and the promise's name.
/// </summary>
public enum ScenarioPromise
{
    /// <summary>
    /// <c>failed-writes-change-nothing</c>: nobody reads bytes that only a write put there that failed; what was written of a request is
    /// told by a short count (write(2)).
    /// </summary>
    FailedWritesChangeNothing,

    /// <summary>
    /// <c>appends-are-whole</c>: a reader that sees the file end behind an append that nobody else overlaps sees the append's bytes, even
    /// before it is acknowledged.
    /// </summary>
    AppendsAreWhole,

    /// <summary>
    /// <c>attributes-stay</c>: mode, owner, and times of the files that were open at the end of the set-up stay as they are.
    /// </summary>
    AttributesStay,

    /// <summary><c>no-warnings</c>: after any cut and recovery the checker has nothing to say of the volume, not even a warning.</summary>
    NoWarnings,
}
