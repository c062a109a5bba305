namespace ExtShell.Lab.Scenarios;

/// <summary>The names that a scenario's operations give to files, writes and mappings, whichever thread does.</summary>
internal sealed class NamesInUse
{
    private readonly SortedSet<string> _files = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _writes = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _mappings = new(StringComparer.Ordinal);

    public NamesInUse(IEnumerable<Operation> operations)
    {
        foreach (Operation operation in operations)
        {
            if (operation.Verb is Verb.Create or Verb.Open)
                _files.Add(operation.File);
            else if (operation.Verb == Verb.StartDirect)
                _writes.Add(operation.Io);
            else if (operation.Verb == Verb.Map)
                _mappings.Add(operation.Mapping);
        }
    }

    /// <summary>
    /// What an operation refers to that nothing makes, in words; null if it refers to nothing of the kind. Such an operation does nothing.
    /// </summary>
    public string? WhatIsMissing(Operation operation) =>
        Missing(_files, operation.File, "opens a file as")
        ?? Missing(_files, operation.Injection?.File ?? "", "opens a file as")
        ?? Missing(_writes, operation.Io, "starts a write as")
        ?? Missing(_mappings, operation.Mapping, "maps a file as");

    private static string? Missing(SortedSet<string> known, string name, string what)
    {
        if (name.Length == 0 || known.Contains(name))
            return null;
        return known.Count == 0 ? $"nothing {what} '{name}'" : $"nothing {what} '{name}'; there are {string.Join(", ", known)}";
    }
}
