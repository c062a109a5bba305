namespace ExtShell.Scripting.Contracts.Assistance;

/// <summary>The overloads of a call that is being typed.</summary>
/// <param name="Items">The overloads, shortest first.</param>
/// <param name="Best">The index of the one that fits what is typed so far.</param>
/// <param name="Parameter">Which parameter is being typed, from 0.</param>
public sealed record SignatureHelp(IReadOnlyList<SignatureItem> Items, int Best, int Parameter)
{
    /// <summary>Outside of any call.</summary>
    public static SignatureHelp None { get; } = new([], 0, 0);
}

/// <summary>An overload.</summary>
/// <param name="Name">What comes before the parameters: type and name.</param>
/// <param name="Parameters">The parameters, with their defaults.</param>
/// <param name="Summary">What the documentation says of the method; empty for none.</param>
/// <param name="ParameterSummaries">What it says of each parameter.</param>
public sealed record SignatureItem(string Name, IReadOnlyList<string> Parameters, string Summary, IReadOnlyList<string> ParameterSummaries);
