using ExtShell.Lab.Scenarios;

namespace ExtShell.TestTools.Regressions;

/// <summary>A regression scenario under a protocol, on a format.</summary>
/// <param name="Label">The protocol, with the format where it is not the one that the protocol was made for.</param>
/// <param name="Scenario">What is run.</param>
public sealed record RegressionCase(string Label, Scenario Scenario);
