namespace ExtShell.Check.Facts;

/// <summary>What a block of extended attributes says; inodes share it, so it is an object of its own.</summary>
internal sealed class AttributeBlockFacts
{
    public required long Block { get; init; }

    /// <summary>h_refcount.</summary>
    public long ReferenceCount { get; init; }

    public bool IsUnreadable { get; init; }

    public AttributeFacts[] Attributes { get; init; } = [];

    public Finding[] Findings { get; init; } = [];
}
