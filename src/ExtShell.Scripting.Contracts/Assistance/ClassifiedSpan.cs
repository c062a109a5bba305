namespace ExtShell.Scripting.Contracts.Assistance;

/// <summary>A part of a submission, and what it is.</summary>
/// <param name="Start">Its first character.</param>
/// <param name="Length">How many characters.</param>
/// <param name="Kind">What it is.</param>
public readonly record struct ClassifiedSpan(int Start, int Length, CodeKind Kind);

/// <summary>What a part of a submission is.</summary>
public enum CodeKind
{
    /// <summary>A word of the language.</summary>
    Keyword,

    /// <summary>A string or a character.</summary>
    Text,

    /// <summary>A number.</summary>
    Number,

    /// <summary>A comment.</summary>
    Comment,

    /// <summary>A <c>#</c> line.</summary>
    Directive,

    /// <summary>The name of a type.</summary>
    Type,

    /// <summary>The name of a method.</summary>
    Method,

    /// <summary>The name of a property, a field or a value of an enumeration.</summary>
    Property,

    /// <summary>The name of a variable or a parameter.</summary>
    Variable,
}
