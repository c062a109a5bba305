namespace ExtShell.Engine.IO;

/// <summary>A defect of a protocol that can be turned on: another order, another lock, or an omission.</summary>
/// <param name="Name">The name, as mount options say it; a variant follows a colon.</param>
/// <param name="Flag">Its bits in the protocol's own enumeration of switches.</param>
/// <param name="Summary">What it changes.</param>
/// <param name="Source">Where it comes from: commits, or the discussion.</param>
/// <param name="Defects">The numbered defects that it opens, alone or with others.</param>
public sealed record ProtocolSwitch(string Name, int Flag, string Summary, string Source, params IReadOnlyList<string> Defects)
{
    /// <inheritdoc/>
    public override string ToString() => Name;
}
