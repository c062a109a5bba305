using ExtShell.Engine.Devices;
using ExtShell.Engine.Volumes;
using ExtShell.Lab.Durability;

namespace ExtShell.Lab.Scenarios;

/// <summary>A run that was made: what the device was asked, what the callers were told, and the promises that follow.</summary>
/// <param name="Scenario">What was run.</param>
/// <param name="Log">What the device was asked since the set-up.</param>
/// <param name="History">What callers asked and were told.</param>
/// <param name="Ledger">What they were promised.</param>
/// <param name="Volume">The volume as the run left it, I/O in flight included.</param>
public sealed record ScenarioRun(Scenario Scenario, WriteLog Log, History History, Ledger Ledger, Volume Volume)
{
    internal ScenarioPromises? Promises { get; init; }

    /// <summary>Judges what callers saw during the run, without any cut: by the ledger, and by what the scenario promises.</summary>
    public IReadOnlyList<Violation> JudgeRun()
    {
        var violations = new List<Violation>(Ledger.JudgeRun());
        Promises?.Judge(violations);
        return violations;
    }
}
