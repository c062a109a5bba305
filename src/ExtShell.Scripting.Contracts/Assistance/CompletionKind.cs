namespace ExtShell.Scripting.Contracts.Assistance;

/// <summary>What a completion is.</summary>
public enum CompletionKind
{
    /// <summary>A variable or a parameter.</summary>
    Variable,

    /// <summary>A property, a field or an event.</summary>
    Property,

    /// <summary>A method.</summary>
    Method,

    /// <summary>A value of an enumeration, or a constant.</summary>
    Constant,

    /// <summary>A type.</summary>
    Type,

    /// <summary>A namespace.</summary>
    Namespace,

    /// <summary>A word of the language.</summary>
    Keyword,

    /// <summary>A path inside a volume, or of the host.</summary>
    Path,
}
