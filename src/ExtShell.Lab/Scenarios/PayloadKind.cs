namespace ExtShell.Lab.Scenarios;

/// <summary>How the bytes of a write are given.</summary>
public enum PayloadKind
{
    /// <summary>Text that names the write and the place in the file: every 32 bytes say both.</summary>
    Pattern,

    /// <summary>One byte again and again.</summary>
    Repeat,

    /// <summary>The bytes themselves.</summary>
    Verbatim,
}
