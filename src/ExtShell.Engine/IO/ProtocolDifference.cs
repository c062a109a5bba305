namespace ExtShell.Engine.IO;

/// <summary>One aspect in which two protocols differ.</summary>
/// <param name="Aspect">Which.</param>
/// <param name="LeftName">The name of the first one.</param>
/// <param name="Left">What it says.</param>
/// <param name="RightName">The name of the second one.</param>
/// <param name="Right">What it says.</param>
public sealed record ProtocolDifference(string Aspect, string LeftName, string Left, string RightName, string Right)
{
    private static readonly string[] NotCompared =
        [nameof(ProtocolDescription.Summary), nameof(ProtocolDescription.History), nameof(ProtocolDescription.Invariants)];

    /// <inheritdoc/>
    public override string ToString() => $"{Aspect}\n  {LeftName}: {Indented(Left)}\n  {RightName}: {Indented(Right)}";

    internal static IReadOnlyList<ProtocolDifference> Between(ProtocolDescription left, ProtocolDescription right)
    {
        IReadOnlyDictionary<string, string> other = right.GetAspects();
        return
        [
            .. from said in left.GetAspects()
               where said.Value != other[said.Key] && !NotCompared.Contains(said.Key)
               select new ProtocolDifference(said.Key, left.Name, said.Value, right.Name, other[said.Key]),
        ];
    }

    private static string Indented(string text) => text.Replace("\n", "\n    ", StringComparison.Ordinal);
}
