using ExtShell.Engine.Kernel;
using ExtShell.Format.Errors;

namespace ExtShell.Lab.Scheduling;

/// <summary>Makes given picks, one other pick, and then goes on without preemption: the first choice each time.</summary>
/// <param name="picks">The picks; only the first <paramref name="length"/> of them are meant.</param>
/// <param name="length">How many.</param>
/// <param name="other">The pick behind them; −1 for none.</param>
/// <param name="level">How many preemptions these picks have.</param>
internal sealed class PrefixStrategy(int[] picks, int length, int other, int level) : IScheduleStrategy
{
    private int _made;

    /// <summary>How many decisions are given.</summary>
    public int GivenCount => other < 0 ? length : length + 1;

    public int Level => level;

    public int Pick(Machine machine, ReadOnlySpan<Choice> choices)
    {
        int decision = _made++;
        int pick = decision < length ? picks[decision] : decision == length && other >= 0 ? other : 0;
        InvariantException.Require(pick < choices.Length, "a run is a function of its inputs: what was on offer is on offer again");
        return pick;
    }
}
