namespace ExtShell.PowerShell.Help;

/// <summary>An example of a cmdlet.</summary>
/// <param name="Code">What is typed.</param>
/// <param name="Remark">What it does.</param>
internal sealed record Example(string Code, string Remark)
{
    /// <summary>
    /// Reads the examples: a heading "## Cmdlet-Name", then any number of code blocks between fences, each followed by a line that says
    /// what it does.
    /// </summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<Example>> ReadAll(string path)
    {
        var found = new Dictionary<string, IReadOnlyList<Example>>(StringComparer.OrdinalIgnoreCase);
        List<Example>? current = null;
        List<string>? code = null;
        foreach (string line in File.ReadLines(path))
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
            {
                if (code is null)
                    code = [];
                else
                    (current ?? throw new InvalidDataException("an example without a cmdlet")).Add(
                        new Example(string.Join('\n', code), ""));
                if (code.Count > 0)
                    code = null;
            }
            else if (code is not null)
            {
                code.Add(line);
            }
            else if (line.StartsWith("## ", StringComparison.Ordinal))
            {
                found.Add(line[3..].Trim(), current = []);
            }
            else if (line.Length > 0 && current is { Count: > 0 })
            {
                current[^1] = current[^1] with { Remark = (current[^1].Remark + " " + line).Trim() };
            }
        }

        return found;
    }
}
