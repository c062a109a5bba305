using System.Numerics;
using ExtShell.Lab.Durability;

namespace ExtShell.Lab.Crash;

/// <summary>What an exploration saw. It is exhaustive for the device model unless <see cref="IsComplete"/> is false.</summary>
public sealed class CrashReport
{
    private static readonly BigInteger MostWrittenOut = BigInteger.Pow(10, 18);

    private readonly Dictionary<OutcomeKey, Outcome> _outcomes = [];
    private readonly List<Outcome> _ordered = [];
    private readonly Dictionary<(Durability.ViolationKind, int, string, long, string), CrashFinding> _findings = [];
    private readonly List<CrashFinding> _orderedFindings = [];

    internal CrashReport(DeviceModel model) => Model = model;

    /// <summary>The device model.</summary>
    public DeviceModel Model { get; }

    /// <summary>The outcomes, in the order in which they were met.</summary>
    public IReadOnlyList<Outcome> Outcomes => _ordered;

    /// <summary>The broken promises, in the order in which they were found.</summary>
    public IReadOnlyList<CrashFinding> Findings => _orderedFindings;

    /// <summary>Whether no promise was broken and no damage found.</summary>
    public bool IsClean => _orderedFindings.Count == 0;

    /// <summary>How many epochs were explored.</summary>
    public int Epochs { get; internal set; }

    /// <summary>How many leaves were visited.</summary>
    public long Leaves { get; internal set; }

    /// <summary>How many crash states the leaves stand for.</summary>
    public BigInteger States { get; internal set; }

    /// <summary>Whether everything was explored; false after a limit or a cancellation.</summary>
    public bool IsComplete { get; internal set; } = true;

    /// <summary>Sums whose combinations were too many to be solved for, and were branched on instead; nothing is lost by it.</summary>
    public int SumsBeyondBound { get; internal set; }

    /// <summary>The line that says how much was seen.</summary>
    public string Summary
    {
        get
        {
            string end = IsComplete ? "" : " (ended early)";
            if (SumsBeyondBound > 0)
            {
                string bound = FormattableString.Invariant($"{ChecksumSolver.MostHalfCombinations:N0} combinations a half");
                end += FormattableString.Invariant(
                    $" ({SumsBeyondBound:N0} sums over more than {bound} were branched on instead of solved)");
            }


            string verdict = IsClean ? "every promise kept" : CallText.Count(_orderedFindings.Count, "broken promise");
            string count = States < MostWrittenOut
                ? FormattableString.Invariant($"{States:N0}")
                : FormattableString.Invariant($"about {States:E2}");
            string states = $"{count} crash state{(States.IsOne ? "" : "s")}";
            string outcomes = CallText.Count(_ordered.Count, "outcome");
            return $"{outcomes}, standing for {states} in {CallText.Count(Epochs, "epoch")}{end}: {verdict}";
        }
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join('\n', [Summary, .. _orderedFindings.Select(finding => "  " + finding)]);

    internal Outcome Add(OutcomeKey key, BigInteger weight, CutRange cuts)
    {
        if (!_outcomes.TryGetValue(key, out Outcome? outcome))
        {
            _outcomes.Add(key, outcome = new Outcome(key, cuts));
            _ordered.Add(outcome);
        }

        outcome.Leaves++;
        outcome.States += weight;
        outcome.Cuts = new CutRange(Math.Min(outcome.Cuts.First, cuts.First), Math.Max(outcome.Cuts.Last, cuts.Last));
        Leaves++;
        States += weight;
        return outcome;
    }

    /// <summary>Adds a violation; the finding is new if it is not null.</summary>
    internal CrashFinding? Add(Durability.Violation violation, RecoveredState state, BigInteger weight)
    {
        var key = (violation.Kind, violation.Rule, violation.Path, violation.OffsetBytes, violation.Promise);
        bool isNew = !_findings.TryGetValue(key, out CrashFinding? finding);
        if (isNew)
        {
            CrashState? example = state.StateAt(violation.Cuts.First, violation.Witness)
                ?? state.StateAt(violation.Cuts.Last, violation.Witness);
            _findings.Add(key, finding = new CrashFinding(violation, example, violation.Cuts));
            _orderedFindings.Add(finding);
        }

        if (finding!.LastLeaf != Leaves)
        {
            finding.LastLeaf = Leaves;
            finding.Leaves++;
            finding.States += weight;
        }

        finding.Cuts = new CutRange(Math.Min(finding.Cuts.First, violation.Cuts.First), Math.Max(finding.Cuts.Last, violation.Cuts.Last));
        return isNew ? finding : null;
    }
}
