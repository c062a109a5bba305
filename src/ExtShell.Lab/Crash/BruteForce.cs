using System.Numerics;
using ExtShell.Check;
using ExtShell.Engine.Devices;
using ExtShell.Engine.Kernel;

namespace ExtShell.Lab.Crash;

/// <summary>
/// The explorer's oracle on small scenarios: builds every crash state byte for byte, mounts it on a plain disk, checks it whole. It shares
/// the epochs with the explorer and nothing of its laziness.
/// </summary>
public sealed class BruteForce
{
    private readonly CrashExplorer _explorer;
    private readonly WriteLog _log;
    private readonly DeviceModel _model;

    /// <summary>Prepares both searches of the log as it is now.</summary>
    public BruteForce(WriteLog log, DeviceModel model)
    {
        _log = log;
        _model = model;
        _explorer = new CrashExplorer(log, model);
    }

    /// <summary>Visits every state both ways and says where they disagree.</summary>
    public Comparison Compare()
    {
        var comparison = new Comparison();
        foreach (Epoch epoch in new EpochReader(_log, _model).Read())
        {
            var leaves = new List<(PathConstraints Constraints, OutcomeKey Key, BigInteger Weight)>();
            _explorer.Explore(epoch, state =>
            {
                leaves.Add((state.Constraints.Clone(), KeyOf(state.Mount, state.MountText, state.Check), state.Weight));
                return true;
            });
            comparison.Leaves += leaves.Count;
            var counted = new BigInteger[leaves.Count];
            foreach (int[] versions in Assignments(epoch))
            {
                comparison.States++;
                OutcomeKey expected = Visit(new CrashState(epoch, versions, epoch.Cuts.Last));
                Match(epoch, versions, expected, leaves, counted, comparison);
            }

            for (int i = 0; i < leaves.Count; i++)
            {
                if (counted[i] != leaves[i].Weight)
                    comparison.Add($"epoch {epoch.Index}, leaf {i}: weight {leaves[i].Weight}, states that fall in it {counted[i]}");
            }
        }

        return comparison;
    }

    /// <summary>What a decided state recovers to.</summary>
    public static OutcomeKey Visit(CrashState state)
    {
        IStorage storage = state.ToStorage();
        var machine = new Machine();
        var disk = new SimulatedDisk(machine, storage, new DeviceTraits(HasVolatileCache: false));
        (MountOutcome mount, string text) = CrashMount.Recover(machine, disk);
        return KeyOf(mount, text, mount == MountOutcome.Mounted ? ImageChecker.Check(new StorageSource(storage)) : null);
    }

    private static void Match(
        Epoch epoch,
        int[] versions,
        OutcomeKey expected,
        List<(PathConstraints Constraints, OutcomeKey Key, BigInteger Weight)> leaves,
        BigInteger[] counted,
        Comparison comparison)
    {
        int found = 0;
        for (int i = 0; i < leaves.Count; i++)
        {
            if (!leaves[i].Constraints.Contains(versions))
                continue;
            found++;
            counted[i]++;
            if (leaves[i].Key != expected)
                comparison.Add(
                    $"epoch {epoch.Index}, state [{string.Join(' ', versions)}]: brute force {expected}, leaf {i} {leaves[i].Key}");
        }

        if (found != 1)
            comparison.Add($"epoch {epoch.Index}, state [{string.Join(' ', versions)}]: falls in {found} leaves");
    }

    private static OutcomeKey KeyOf(MountOutcome mount, string text, CheckReport? check)
    {
        if (check is null)
            return new OutcomeKey(mount, text, default, "", "");
        var lines = new List<string>();
        foreach (Finding finding in check.Findings)
        {
            if (finding.Severity != FindingSeverity.Summary)
                lines.Add(finding.ToString());
        }

        return new OutcomeKey(mount, text, check.Tree.Identity, string.Join('\n', lines), "");
    }

    private static IEnumerable<int[]> Assignments(Epoch epoch)
    {
        var versions = new int[epoch.Cells.Count];
        while (true)
        {
            yield return versions.AsSpan().ToArray();
            int cell = 0;
            while (cell < versions.Length && ++versions[cell] == epoch.Cells[cell].Versions.Count)
                versions[cell++] = 0;
            if (cell == versions.Length)
                yield break;
        }
    }

    /// <summary>What a comparison saw.</summary>
    public sealed class Comparison
    {
        private readonly List<string> _disagreements = [];

        /// <summary>Crash states visited by brute force.</summary>
        public long States { get; internal set; }

        /// <summary>Leaves visited by the explorer.</summary>
        public long Leaves { get; internal set; }

        /// <summary>How many disagreements there were.</summary>
        public long DisagreementCount { get; private set; }

        /// <summary>The first disagreements, in words.</summary>
        public IReadOnlyList<string> Disagreements => _disagreements;

        internal void Add(string text)
        {
            DisagreementCount++;
            if (_disagreements.Count < 20)
                _disagreements.Add(text);
        }
    }
}
