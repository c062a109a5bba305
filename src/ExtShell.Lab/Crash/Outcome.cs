using System.Numerics;
using ExtShell.Check;

namespace ExtShell.Lab.Crash;

/// <summary>What a class of crash states recovers to. Leaves with equal outcomes are merged and their weights added.</summary>
/// <param name="Mount">How mounting went.</param>
/// <param name="MountText">Why it failed; empty where it did not.</param>
/// <param name="Tree">Names, sizes and mappings after recovery.</param>
/// <param name="Findings">What the checker found, as text, in its order; joined by newlines.</param>
/// <param name="Violations">Which promises are broken, joined by newlines.</param>
public readonly record struct OutcomeKey(MountOutcome Mount, string MountText, TreeIdentity Tree, string Findings, string Violations);

/// <summary>An outcome with what it stands for.</summary>
public sealed class Outcome
{
    internal Outcome(OutcomeKey key, CutRange cuts)
    {
        Key = key;
        Cuts = cuts;
    }

    /// <summary>What distinguishes it.</summary>
    public OutcomeKey Key { get; }

    /// <summary>How many leaves were merged.</summary>
    public long Leaves { get; internal set; }

    /// <summary>How many crash states they stand for.</summary>
    public BigInteger States { get; internal set; }

    /// <summary>From the first cut to the last at which it is possible.</summary>
    public CutRange Cuts { get; internal set; }

    /// <inheritdoc/>
    public override string ToString()
    {
        string verdict = (Key.Violations.Length > 0 ? ", promises broken" : "") + (Key.Findings.Length > 0 ? ", damaged" : "");
        return FormattableString.Invariant($"cuts {Cuts}: {States:N0} crash states, {Key.Mount}, tree {Key.Tree}{verdict}");
    }
}
