using ExtShell.Lab.Crash;

namespace ExtShell.Lab.Durability;

/// <summary>Judges names: which are there, which must be, in which order they came, and that bystanders are as they were.</summary>
/// <remarks>
/// (1) A name's version is what a path led to from one operation to the next. Which version a state shows is told by inode and kind; where
/// several fit, each may be meant.
/// (2) A version is legal from the call of its operation until a later one is durable (rules 11, 12, 14).
/// (3) An operation takes effect at one moment between its call and its acknowledgement. A version that is shown says that the cut came
/// after its call's moment and before its successor's. With a journal one moment must fit all names (rule 13): intervals on a line share a
/// point where the latest beginning comes before the earliest end.
/// </remarks>
internal sealed class NameTable
{
    private readonly NameHistory[] _names;
    private readonly DatedVersion[][] _versions;
    private readonly bool _hasJournal;
    private readonly RenameTable _renames;
    private readonly BystanderJudge _bystanders;

    public NameTable(PromiseReader promises, Baseline baseline, bool hasJournal)
    {
        _names = [.. promises.Names];
        _hasJournal = hasJournal;
        _versions = Array.ConvertAll(_names, name => name.Versions.ConvertAll(version => new DatedVersion(name, version)).ToArray());
        _bystanders = new BystanderJudge(promises, baseline);
        for (int name = 0; name < _names.Length; name++)
        {
            foreach (LedgerFile target in TargetsOf(name))
                target.PathCount++;
        }

        _renames = new RenameTable(_names);
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
        DatedVersion?[] versions = _renames.IsEmpty ? [] : new DatedVersion?[_names.Length];
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
        _renames.Judge(versions, cuts, into);
        if (latest.FromSequence >= earliest.UntilSequence) // (3)
            into.Add(OutOfOrder(latest, earliest, cuts));
        else if (isAmbiguous && !HasCommonMoment(volume))
            into.Add(OutOfOrder(latest, earliest, cuts));
    }

    /// <summary>Judges what no call touched; once for each tree.</summary>
    public void JudgeBystanders(IRecoveredVolume volume, List<Violation> into) => _bystanders.Judge(volume, into);

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

    private void JudgeLegality(
        int name, bool isThere, in RecoveredInode inode, DatedVersion? shown, CutRange cuts, List<Violation> into) // (2)
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
        string reason = shown is null
            ? "a path leads to what a call, or the time before the log, made it lead to"
            : "no call that was made by then leads to this";
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
}
