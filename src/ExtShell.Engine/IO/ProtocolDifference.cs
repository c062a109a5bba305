namespace ExtShell.Engine.IO;

/// <summary>One aspect in which two protocols differ.</summary>
/// <param name="Aspect">Which.</param>
/// <param name="Left">What the first one says.</param>
/// <param name="Right">What the second one says.</param>
public sealed record ProtocolDifference(string Aspect, string Left, string Right)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Aspect}\n  one:   {Indented(Left)}\n  other: {Indented(Right)}";

    internal static IReadOnlyList<ProtocolDifference> Between(ProtocolDescription left, ProtocolDescription right)
    {
        ProtocolDifference[] aspects =
        [
            new("Locks", left.Locks, right.Locks),
            new("Order", left.Order, right.Order),
            new("Allocation", left.Allocation, right.Allocation),
            new("Sizes", left.Sizes, right.Sizes),
            new("Acknowledgement", left.Acknowledgement, right.Acknowledgement),
            new("InFlightCount", left.InFlightCount, right.InFlightCount),
            new("Fallback", left.Fallback, right.Fallback),
            new("Guarantees", left.Guarantees, right.Guarantees),
            new("Windows", Lines(left.Windows), Lines(right.Windows)),
            new("Alternatives", Lines(left.Alternatives), Lines(right.Alternatives)),
            new("Switches", Lines(left.Switches), Lines(right.Switches)),
            new("DefectsAsPosted", DefectsAsPosted(left), DefectsAsPosted(right)),
            new("DefectsCured", Text(left.StatedDefects), Text(right.StatedDefects)),
        ];
        return [.. aspects.Where(static aspect => aspect.Left != aspect.Right)];
    }

    private static string Indented(string text) => text.Replace("\n", "\n         ", StringComparison.Ordinal);

    private static string Lines<T>(IReadOnlyList<T> items) => items.Count == 0 ? "none" : string.Join('\n', items);

    private static string Text(IReadOnlyList<string> defects) => defects.Count == 0 ? "none known" : string.Join(", ", defects);

    private static string DefectsAsPosted(ProtocolDescription protocol)
    {
        IEnumerable<string> opened = protocol.Switches.Where(known => protocol.AsPosted.Contains(known.Name))
            .SelectMany(static known => known.Defects);
        return Text([.. opened.Concat(protocol.StatedDefects).Distinct()]);
    }
}
