using ExtShell.Lab.Durability;

namespace ExtShell.Lab.Crash;

/// <summary>
/// Judges recovered states: the ledger of promises, or a user's own verifier. A judge is pure: the same state, the same verdict.
/// </summary>
public interface IStateJudge
{
    /// <summary>
    /// Whether a cut is to leave the volume consistent once the journal is replayed: without a journal it need not, and what the checker
    /// finds then is no violation.
    /// </summary>
    bool PromisesConsistency => true;

    /// <summary>Adds what the state breaks.</summary>
    /// <param name="state">The state; valid during the call.</param>
    /// <param name="into">Where violations are added.</param>
    void Judge(RecoveredState state, List<Violation> into);
}
