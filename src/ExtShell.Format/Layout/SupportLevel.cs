namespace ExtShell.Format.Layout;

/// <summary>What ExtShell can do with a volume.</summary>
public enum SupportLevel
{
    /// <summary>Read and write.</summary>
    ReadWrite,

    /// <summary>Read and check only.</summary>
    ReadOnly,

    /// <summary>Nothing: it cannot be read safely.</summary>
    Refused,
}
