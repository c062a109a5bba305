using System.Numerics;
using ExtShell.Check;
using ExtShell.Engine.Devices;
using ExtShell.Format.Errors;
using ExtShell.Lab.Durability;

namespace ExtShell.Lab.Crash;

/// <summary>
/// Visits every state that the disk of a write log can be in after a power cut, by mounting images whose undecided cells are decided only
/// where somebody reads them.
/// </summary>
/// <remarks>
/// (1) One epoch after the other; within an epoch depth first over the choices that recovery meets, and for each recovered state over those
///     that the checker meets; the checker's branches resume from the state after recovery.
/// (2) Recovery is the engine's own. The checker judges the recovered state by what differs from the base: the volume when the log began.
/// (3) A leaf stands for the product of the versions that its cells may still hold, less what its path excluded. The weights of an epoch's
///     leaves sum to the epoch's crash states, exactly; asserted for every epoch that was not cut short.
/// (4) A leaf is possible at the cuts from the latest of its cells' earliest versions to the epoch's end.
/// Window: promises are judged for a leaf as a whole, so a version of an undecided data cell is judged at every cut at which that version
/// and the leaf are possible; which versions of different data cells meet matters only to promises that tie cells together.
/// </remarks>
public sealed class CrashExplorer
{
    private readonly WriteLog _log;
    private readonly DeviceModel _model;
    private readonly CheckBase _base;
    private readonly int _blockSizeBytes;

    /// <summary>Prepares the exploration of the log as it is now.</summary>
    /// <exception cref="CorruptionException">What the log began with is no volume.</exception>
    public CrashExplorer(WriteLog log, DeviceModel model)
    {
        _log = log;
        _model = model;
        var start = new StorageSource(log.Start);
        _base = CheckBase.Build(start);
        _blockSizeBytes = CrashMount.BlockSizeBytes(start);
    }

    /// <summary>As above, where the base is known: the check of another log's start that holds the same.</summary>
    internal CrashExplorer(WriteLog log, DeviceModel model, CheckBase start)
    {
        _log = log;
        _model = model;
        _base = start;
        _blockSizeBytes = CrashMount.BlockSizeBytes(new StorageSource(log.Start));
    }

    /// <summary>Explores, judges each leaf, and merges equal outcomes.</summary>
    public CrashReport Explore(IStateJudge? judge = null, ExploreOptions? options = null)
    {
        options ??= ExploreOptions.Default;
        var report = new CrashReport(_model);
        var violations = new List<Violation>();
        foreach (Epoch epoch in new EpochReader(_log, _model).Read())
        {
            if (epoch.Cuts.Intersect(options.Cuts).IsEmpty)
                continue;
            BigInteger weightBefore = report.States;
            bool isWhole = Explore(epoch, state => Judge(state, judge, violations, report, options), report);
            report.Epochs++;
            if (isWhole)
                InvariantException.Require(
                    report.States - weightBefore == epoch.States, "the leaves of an epoch stand for all its crash states"); // (3)
            options.Progress?.Report(
                new ExploreProgress(epoch.Cuts.Last, _log.Position, report.Leaves, report.States, report.Findings.Count));
            if (!isWhole)
            {
                report.IsComplete = false;
                break;
            }
        }

        return report;
    }

    /// <summary>Visits each leaf of an epoch; false if the visitor ended it.</summary>
    internal bool Explore(Epoch epoch, Func<RecoveredState, bool> visit, CrashReport? report = null)
    {
        var recovery = new ChoicePath();
        var checking = new ChoicePath();
        var image = new UndecidedImage(epoch, recovery);
        var state = new RecoveredState(image) { BlockSizeBytes = _blockSizeBytes };
        var touched = new TouchedRanges(_log, epoch);
        do
        {
            recovery.Restart();
            image.Restart(recovery);
            (state.Mount, state.MountText) = CrashMount.Recover(image);
            state.Check = null;
            if (state.Mount != MountOutcome.Mounted)
            {
                if (!visit(state))
                    return false;
                continue;
            }

            UndecidedImage.FrozenPath recovered = image.Freeze(); // (1)
            ReadOnlySpan<ByteRange> changed = touched.With(image.Pages);
            checking.Clear();
            do
            {
                checking.Restart();
                image.ResumeDecisions(recovered, checking);
                state.Check = _base.Judge(image, changed); // (2)
                if (!visit(state))
                    return false;
            }
            while (checking.Advance());
        }
        while (recovery.Advance());

        if (report is not null)
            report.SumsBeyondBound += image.SumsBeyondBound;
        return true;
    }

    private static bool Judge(
        RecoveredState state, IStateJudge? judge, List<Violation> violations, CrashReport report, ExploreOptions options)
    {
        violations.Clear();
        BigInteger weight = state.Weight;
        CutRange cuts = state.Cuts; // (4)
        FindingSeverity least = options.ReportsWarnings ? FindingSeverity.Warning : FindingSeverity.Error;
        string findings = Damage(state, judge is { PromisesConsistency: false } ? null : least, violations);
        judge?.Judge(state, violations);
        var key = new OutcomeKey(state.Mount, state.MountText, state.Check?.Tree.Identity ?? default, findings, TextOf(violations));
        report.Add(key, weight, cuts);
        foreach (Violation violation in violations)
        {
            if (report.Add(violation, state, weight) is { } finding)
                options.OnFinding?.Invoke(finding);
        }

        bool isEnough = violations.Count > 0 && options.StopAtFirstViolation;
        return !isEnough && report.Leaves < options.MostLeaves && !options.Cancellation.IsCancellationRequested;
    }

    /// <summary>What is wrong whatever was promised: a volume that does not mount, damage that the checker finds.</summary>
    /// <param name="state">The state.</param>
    /// <param name="least">The least severity that is a violation; null for none.</param>
    /// <param name="violations">Where violations are added.</param>
    /// <returns>All that the checker found, as text.</returns>
    private static string Damage(RecoveredState state, FindingSeverity? least, List<Violation> violations)
    {
        if (state.Mount != MountOutcome.Mounted)
        {
            violations.Add(
                new Violation(ViolationKind.NotMountable, 0, "the volume mounts after a power cut", state.MountText, state.Cuts));
            return "";
        }

        if (state.Check!.Summary is { Errors: 0, Warnings: 0 })
            return "";
        var lines = new List<string>();
        foreach (Finding finding in state.Check.Findings)
        {
            if (finding.Severity == FindingSeverity.Summary)
                continue;
            lines.Add(finding.ToString());
            if (finding.Severity >= least)
                violations.Add(new Violation(ViolationKind.Inconsistent, 0, $"the volume is consistent after recovery ({finding.Code})",
                    finding.ToString(), state.Cuts));
        }

        return string.Join('\n', lines);
    }

    private static string TextOf(List<Violation> violations) => violations.Count == 0
        ? ""
        : string.Join(
            '\n', violations.ConvertAll(violation => $"{violation.Kind} {violation.Path} {violation.OffsetBytes} {violation.Found}"));

    /// <summary>The ranges that may differ from the base: what the log has written so far, and what recovery writes on a path.</summary>
    private sealed class TouchedRanges
    {
        private readonly HashSet<long> _pages = [];
        private readonly List<ByteRange> _ranges = [];
        private readonly int _own;

        public TouchedRanges(WriteLog log, Epoch epoch)
        {
            foreach (LoggedBio bio in log.Bios)
            {
                if (bio.Operation == BioOperation.Flush || bio.SubmittedAt >= epoch.Cuts.Last)
                    continue;
                for (long page = bio.OffsetBytes / PageMap.PageSizeBytes; page * PageMap.PageSizeBytes < bio.OffsetBytes + bio.LengthBytes;
                    page++)
                    Add(page);
            }

            _own = _ranges.Count;
        }

        public ReadOnlySpan<ByteRange> With(PageMap pages)
        {
            _ranges.RemoveRange(_own, _ranges.Count - _own);
            foreach (long page in pages.PagesOfPath)
            {
                if (!_pages.Contains(page))
                    _ranges.Add(new ByteRange(page * PageMap.PageSizeBytes, PageMap.PageSizeBytes));
            }

            _ranges.Sort(_own, _ranges.Count - _own, Comparer<ByteRange>.Create((a, b) => a.OffsetBytes.CompareTo(b.OffsetBytes)));
            return System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_ranges);
        }

        private void Add(long page)
        {
            if (_pages.Add(page))
                _ranges.Add(new ByteRange(page * PageMap.PageSizeBytes, PageMap.PageSizeBytes));
        }
    }
}
