using ExtShell.Lab.Scenarios;

namespace ExtShell.TestTools.Regressions;

/// <summary>A regression scenario under a protocol, on a format.</summary>
/// <param name="Protocol">The protocol.</param>
/// <param name="OtherFormat">The format, such as <c>on block maps</c>, where it is not the one that the protocol was made for; else
/// empty.</param>
/// <param name="Scenario">What is run.</param>
public sealed record RegressionCase(string Protocol, string OtherFormat, Scenario Scenario)
{
    /// <inheritdoc/>
    public override string ToString() => OtherFormat.Length == 0 ? Protocol : $"{Protocol} {OtherFormat}";
}
