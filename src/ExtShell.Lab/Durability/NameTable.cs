using System.Collections.Concurrent;
using ExtShell.Check;
using ExtShell.Engine.Volumes;
using ExtShell.Lab.Crash;

namespace ExtShell.Lab.Durability;

/// <summary>Judges names: which are there, which must be, in which order they came, and that bystanders are as they were.</summary>
/// <remarks>
/// (1) A name's version is what a path led to from one operation to the next. Which version a state shows is told by inode and kind; where
/// several fit, each may be meant.
/// (2) A version is legal from the call of its operation until a later one is durable (rules 11, 12, 14).
/// (3) An operation takes effect at one moment between its call and its acknowledgement. A version that is shown says that the cut came after
/// its call's moment and before its successor's. With a journal one moment must fit all names (rule 13): intervals on a line share a point
/// where the latest beginning comes before the earliest end.
/// </remarks>
internal sealed class NameTable
{
    private readonly NameHistory[] _names;
    private readonly DatedVersion[][] _versions;
    private readonly Baseline _baseline;
    private readonly HashSet<uint> _touchedInodes = [];
    private readonly HashSet<string> _touchedPaths = [];
    private readonly bool _hasJournal;
    private readonly List<(RecordedCall Call, List<(int Name, NameVersion Version)> Changes)> _renames = [];
    private readonly ConcurrentDictionary<TreeIdentity, Violation[]> _bystanders = new();

    public NameTable(PromiseReader promises, Baseline baseline, bool hasJournal)
    {
        _names = [.. promises.Names];
        _baseline = baseline;
        _hasJournal = hasJournal;
        _versions = Array.ConvertAll(_names, name => name.Versions.ConvertAll(version => new DatedVersion(name, version)).ToArray());
        foreach (LedgerFile file in promises.Files)
            _touchedInodes.Add(file.Inode);
        foreach (NameHistory name in _names)
        {
            _touchedPaths.Add(name.Path);
            _touchedPaths.Add(name.Parent);
        }

        for (int name = 0; name < _names.Length; name++)
        {
            foreach (LedgerFile target in TargetsOf(name))
                target.PathCount++;
        }

        FindRenames();
    }

    public int Count => _names.Length;

    /// <summary>The files that the path may lead to, where inode and kind do not tell which; null where they do.</summary>
    public List<LedgerFile>? Ambiguous(int name, in RecoveredInode inode)
    {
        if (_versions[name].Length < 3)
            return null;
        List<LedgerFile>? candidates = null;
        foreach (DatedVersion version in _versions[name])
        {
            if (version.Version.Target is { } target && version.Fits(true, inode) && candidates?.Contains(target) != true)
                (candidates ??= []).Add(target);
        }

        return candidates?.Count > 1 ? candidates : null;
    }

    public string PathOf(int name) => _names[name].Path;

    /// <summary>Judges the names of a state.</summary>
    /// <param name="volume">The state.</param>
    /// <param name="shown">Gets for each name the file that it shows; null for none, or none that is known.</param>
    /// <param name="into">Where violations are added.</param>
    public void Judge(IRecoveredVolume volume, Span<LedgerFile?> shown, List<Violation> into)
    {
        CutRange cuts = volume.Cuts;
        (DatedVersion? latest, DatedVersion? earliest) = (null, null);
        bool isAmbiguous = false;
        DatedVersion?[] versions = _renames.Count > 0 ? new DatedVersion?[_names.Length] : [];
        for (int name = 0; name < _names.Length; name++)
        {
            bool isThere = volume.TryFind(_names[name].Path, out RecoveredInode inode);
            (DatedVersion? version, int fitting) = Fit(name, isThere, inode, cuts);
            shown[name] = version?.Version.Target;
            if (versions.Length > 0)
                versions[name] = fitting == 1 ? version : null;
            JudgeLegality(name, isThere, inode, version, cuts, into);
            isAmbiguous |= fitting > 1;
            if (version is null || fitting > 1)
                continue;
            if (latest is null || version.FromSequence > latest.FromSequence)
                latest = version;
            if (earliest is null || version.UntilSequence < earliest.UntilSequence)
                earliest = version;
        }

        if (!_hasJournal || latest is null || earliest is null)
            return;
        JudgeRenames(versions, cuts, into);
        if (latest.FromSequence >= earliest.UntilSequence) // (3)
            into.Add(OutOfOrder(latest, earliest, cuts));
        else if (isAmbiguous && !HasCommonMoment(volume))
            into.Add(OutOfOrder(latest, earliest, cuts));
    }

    /// <summary>Judges what no call touched; once for each tree.</summary>
    public void JudgeBystanders(IRecoveredVolume volume, List<Violation> into)
    {
        if (!_bystanders.TryGetValue(volume.Identity, out Violation[]? violations))
            violations = _bystanders.GetOrAdd(volume.Identity, FindChangedBystanders(volume));
        foreach (Violation violation in violations)
            into.Add(violation with { Cuts = volume.Cuts });
    }

    private HashSet<LedgerFile> TargetsOf(int name) =>
        [.. _names[name].Versions.Where(version => version.Target is not null).Select(version => version.Target!)];

    private (DatedVersion? Version, int Fitting) Fit(int name, bool isThere, in RecoveredInode inode, CutRange cuts) // (1)
    {
        DatedVersion? chosen = null;
        int fitting = 0;
        foreach (DatedVersion version in _versions[name])
        {
            if (!version.Fits(isThere, inode))
                continue;
            fitting++;
            if (chosen is null || version.Legal.From <= cuts.Last)
                chosen = version;
        }

        return (chosen, fitting);
    }

    private void JudgeLegality(int name, bool isThere, in RecoveredInode inode, DatedVersion? shown, CutRange cuts, List<Violation> into) // (2)
    {
        int first = cuts.First;
        DatedVersion? ended = null;
        bool isAdvancing = true;
        while (isAdvancing)
        {
            isAdvancing = false;
            foreach (DatedVersion version in _versions[name])
            {
                if (!version.Fits(isThere, inode) || version.Legal.From > first)
                    continue;
                if (version.Legal.Until > cuts.Last)
                    return;
                if (ended is null || version.Legal.Until >= ended.Legal.Until)
                    ended = version;
                if (version.Legal.Until <= first)
                    continue;
                first = version.Legal.Until;
                isAdvancing = true;
            }
        }

        into.Add(Illegal(name, isThere, inode, ended?.EndedBy, shown, new CutRange(first, cuts.Last)));
    }

    private Violation Illegal(int name, bool isThere, in RecoveredInode inode, NameVersion? endedBy, DatedVersion? shown, CutRange cuts)
    {
        string path = _names[name].Path;
        string what = inode.IsDirectory ? "directory" : "file";
        string found = isThere ? $"{path} leads to the {what} with inode {inode.Number}" : $"nothing at {path}";
        if (endedBy is { Call: { } call, DurableBy: { } by })
        {
            ViolationKind kind = endedBy.Target is not null ? ViolationKind.LostName : ViolationKind.UnexpectedName;
            string promise = $"{call} and then {by}, which had returned at cut {endedBy.DurableAt}: "
                + (endedBy.Target is not null ? $"{path} is there" : $"{path} stays away");
            return new Violation(kind, endedBy.DurableRule, promise, found, cuts) { Path = path, PromisedBy = by.Id };
        }

        ViolationKind unexplained = isThere ? ViolationKind.UnexpectedName : ViolationKind.LostName;
        string reason = shown is null ? "a path leads to what a call, or the time before the log, made it lead to" : "no call that was made by then leads to this";
        return new Violation(unexplained, LedgerRules.NamesHaveReasons, reason, found, cuts) { Path = path };
    }

    private static Violation OutOfOrder(DatedVersion later, DatedVersion earlier, CutRange cuts)
    {
        NameVersion missing = earlier.ReplacedBy!;
        string promise = $"{missing.Call} was acknowledged before {later.Version.Call} was made: who sees the second sees the first";
        string found = $"{later.Describe()}, but {earlier.Describe()}";
        return new Violation(ViolationKind.NamesOutOfOrder, LedgerRules.NamesInOrder, promise, found, cuts)
        {
            Path = earlier.Name.Path,
            PromisedBy = missing.Call!.Id,
        };
    }

    private void FindRenames()
    {
        for (int name = 0; name < _names.Length; name++)
        {
            foreach (NameVersion version in _names[name].Versions)
            {
                if (version.Call is not { Operation.Kind: OperationKind.Rename } call)
                    continue;
                int known = _renames.FindIndex(rename => rename.Call == call);
                if (known < 0)
                    _renames.Add((call, [(name, version)]));
                else
                    _renames[known].Changes.Add((name, version));
            }
        }
    }

    private void JudgeRenames(DatedVersion?[] shown, CutRange cuts, List<Violation> into) // rule 21
    {
        foreach ((RecordedCall call, List<(int Name, NameVersion Version)> changes) in _renames)
        {
            (DatedVersion? done, DatedVersion? undone) = (null, null);
            foreach ((int name, NameVersion version) in changes)
            {
                if (shown[name] is not { } held)
                    continue;
                if (IsAfter(held.Version, version))
                    done = held;
                else if (held.Version.IsBefore(version))
                    undone = held;
            }

            if (done is null || undone is null)
                continue;
            string found = $"{done.Describe()} as after it, and {undone.Describe()} as before it";
            into.Add(new Violation(ViolationKind.NamesOutOfOrder, LedgerRules.Renames, $"{call}: a cut shows all of it or nothing", found, cuts)
            {
                Path = undone.Name.Path,
                PromisedBy = call.Id,
            });
        }
    }

    private static bool IsAfter(NameVersion version, NameVersion operation) => version == operation || operation.IsBefore(version);

    private bool HasCommonMoment(IRecoveredVolume volume)
    {
        foreach (DatedVersion[] candidates in _versions)
        {
            foreach (DatedVersion candidate in candidates)
            {
                if (FitsAll(volume, candidate.FromSequence))
                    return true;
            }
        }

        return false;
    }

    private bool FitsAll(IRecoveredVolume volume, int sequence)
    {
        for (int name = 0; name < _names.Length; name++)
        {
            bool isThere = volume.TryFind(_names[name].Path, out RecoveredInode inode);
            bool fits = false;
            bool isKnown = false;
            foreach (DatedVersion version in _versions[name])
            {
                if (!version.Fits(isThere, inode))
                    continue;
                isKnown = true;
                fits |= version.FromSequence <= sequence && sequence < version.UntilSequence;
            }

            if (isKnown && !fits)
                return false;
        }

        return true;
    }

    private Violation[] FindChangedBystanders(IRecoveredVolume volume) // rule 19
    {
        var violations = new List<Violation>();
        foreach (BaselineFile file in _baseline.Files)
        {
            if (_touchedInodes.Contains(file.Inode))
                continue;
            foreach (string path in file.Paths)
            {
                if (!_touchedPaths.Contains(path) && Change(volume, file, path) is { } change)
                    violations.Add(Bystander(path, change));
            }
        }

        foreach (string path in volume.Paths())
        {
            if (!_touchedPaths.Contains(path) && _baseline.Find(path) is null)
                violations.Add(Bystander(path, "a name that no call made"));
        }

        return [.. violations];
    }

    private static Violation Bystander(string path, string found) =>
        new(ViolationKind.ChangedBystander, LedgerRules.Bystanders, "no call touched it", found, default) { Path = path };

    private static string? Change(IRecoveredVolume volume, BaselineFile file, string path)
    {
        if (!volume.TryFind(path, out RecoveredInode inode))
            return "nothing there";
        if (inode.Number != file.Inode || inode.IsDirectory != file.IsDirectory)
            return $"another {(inode.IsDirectory ? "directory" : "file")}, with inode {inode.Number} instead of {file.Inode}";
        if (inode.SizeBytes != file.SizeBytes)
            return $"a size of {CallText.Number(inode.SizeBytes)} bytes instead of {CallText.Number(file.SizeBytes)}";
        return file.Runs.Count == 0 || inode.Runs.SequenceEqual(file.Runs.ToArray()) ? null : "other blocks than before";
    }

    /// <summary>A version of a name with its times.</summary>
    private sealed class DatedVersion
    {
        public DatedVersion(NameHistory name, NameVersion version)
        {
            (Name, Version, FromSequence) = (name, version, version.CalledSequence);
            (int until, EndedBy) = name.EndOf(version);
            Legal = new TimeStretch(version.CalledPosition, until);
            (UntilSequence, ReplacedBy) = name.ReplacedBy(version);
        }

        public NameHistory Name { get; }

        public NameVersion Version { get; }

        public TimeStretch Legal { get; }

        public NameVersion? EndedBy { get; }

        public int FromSequence { get; }

        public int UntilSequence { get; }

        public NameVersion? ReplacedBy { get; }

        public bool Fits(bool isThere, in RecoveredInode inode) => Version.Target is { } target
            ? isThere && inode.IsDirectory == target.IsDirectory && (target.Inode == 0 || target.Inode == inode.Number)
            : !isThere;

        public string Describe() => Version.Target is null ? $"{Name.Path} is not there" : $"{Name.Path} is there";
    }
}
