using System.Numerics;
using ExtShell.Lab.Durability;

namespace ExtShell.Lab.Crash;

/// <summary>A broken promise with a crash state that shows it.</summary>
public sealed class CrashFinding
{
    internal CrashFinding(Violation violation, CrashState? example, CutRange cuts)
    {
        Violation = violation;
        Example = example;
        Cuts = cuts;
    }

    /// <summary>What is broken.</summary>
    public Violation Violation { get; }

    /// <summary>A state that shows it: cut, choices, image.</summary>
    public CrashState? Example { get; }

    /// <summary>From the first cut to the last at which it was seen.</summary>
    public CutRange Cuts { get; internal set; }

    /// <summary>The number of the last leaf that was counted: it may show the same several times.</summary>
    internal long LastLeaf { get; set; }

    /// <summary>How many leaves show it.</summary>
    public long Leaves { get; internal set; }

    /// <summary>How many crash states those leaves stand for; where data is undecided, not each of them shows it.</summary>
    public BigInteger States { get; internal set; }

    /// <inheritdoc/>
    public override string ToString() => Violation.ToString();
}
