using ExtShell.Engine.Volumes;
using ExtShell.Lab.Crash;

namespace ExtShell.Lab.Durability;

/// <summary>
/// What callers were promised in a run, as predicates over the recovered volume at a cut. It sees calls, returns, errors and
/// acknowledgements and the mount options; it knows nothing of the engine's insides, and no switch. Its rules are
/// <see cref="LedgerRules"/>.
/// </summary>
/// <remarks>
/// (1) All tables are made when the ledger is made; judging is pure and may be done by several threads.
/// (2) The cost of judging is proportional to what the history touched. What it did not touch is compared once for each tree (rule 19).
/// </remarks>
public sealed class Ledger : IStateJudge
{
    [ThreadStatic]
    private static List<ContentVersion>? s_contents;

    private readonly PromiseReader _promises;
    private readonly ContentText _text;
    private readonly NameTable _names;
    private readonly Dictionary<LedgerFile, FileJudge> _files = [];

    /// <summary>Reads the promises of a history.</summary>
    /// <param name="history">What callers asked and were told.</param>
    /// <param name="options">How the volume was mounted: the journal mode decides what is promised.</param>
    public Ledger(History history, MountOptions options)
    {
        (History, Options) = (history, options);
        bool hasJournal = options.Journal != JournalMode.None;
        _promises = PromiseReader.Read(history);
        new DurabilityReader(_promises, hasJournal).Read();
        _text = new ContentText(_promises, history);
        _names = new NameTable(_promises, history.Baseline, hasJournal);
        foreach (LedgerFile file in _promises.Files)
        {
            if (!file.IsDirectory)
                _files.Add(file, new FileJudge(file, _text, options.Journal, _promises.VolumeSyncs));
        }
    }

    /// <summary>What callers asked and were told.</summary>
    public History History { get; }

    /// <summary>How the volume was mounted.</summary>
    public MountOptions Options { get; }

    /// <inheritdoc/>
    public bool PromisesConsistency => Options.Journal != JournalMode.None;

    /// <inheritdoc/>
    public void Judge(RecoveredState state, List<Violation> into) => Judge(new StateVolume(state), into);

    /// <summary>Judges a recovered volume; one that was not mounted is not judged.</summary>
    /// <param name="volume">The volume.</param>
    /// <param name="into">Where violations are added.</param>
    public void Judge(IRecoveredVolume volume, List<Violation> into)
    {
        if (!volume.IsMounted)
            return;
        var shown = new LedgerFile?[_names.Count];
        _names.Judge(volume, shown, into);
        _names.JudgeBystanders(volume, into);
        List<ContentVersion> contents = s_contents ??= [];
        for (int name = 0; name < shown.Length; name++)
        {
            if (shown[name] is not { IsDirectory: false } file || !volume.TryFind(_names.PathOf(name), out RecoveredInode inode))
                continue;
            if (file.PathCount > 1 && Array.IndexOf(shown, file) < name)
                continue;
            if (_names.Ambiguous(name, inode) is { } candidates)
                JudgeBest(candidates, volume, name, inode, contents, into);
            else
                _files[file].Judge(volume, _names.PathOf(name), inode, contents, into);
            JudgeLinks(volume, shown, name, inode, into);
        }
    }

    /// <summary>The greatest size that the history may have given the file at the path; 0 if it did not touch it.</summary>
    internal long EndOf(string path) => FileAt(path) is { } file
        ? file.Changes.Aggregate(file.BaselineSizeBytes, (end, change) => change.ChangesSize ? Math.Max(end, change.EndBytes) : end)
        : 0;

    /// <summary>Says of bytes that are found in the file at the path which call they came from, or what else they are.</summary>
    internal (ContentKind Kind, string Text) Explain(string path, long offsetBytes, ReadOnlySpan<byte> bytes) =>
        FileAt(path) is { } file ? _files[file].Explain(offsetBytes, bytes) : (ContentKind.None, "as it was");

    private LedgerFile? FileAt(string path) =>
        _promises.Names.Find(name => name.Path == path)?.Versions.FindLast(version => version.Target is { IsDirectory: false })?.Target;

    /// <summary>Judges what readers saw during the run, without any cut.</summary>
    public IReadOnlyList<Violation> JudgeRun()
    {
        var violations = new List<Violation>();
        var judge = new RunJudge(_promises, _text);
        foreach (RecordedCall call in History.LoggedCalls)
            judge.Judge(call, violations);
        return violations;
    }

    /// <summary>Two files had the same path and inode one after the other: the state is the one of them that it fits best.</summary>
    private void JudgeBest(
        List<LedgerFile> candidates, IRecoveredVolume volume, int name, in RecoveredInode inode, List<ContentVersion> contents,
        List<Violation> into)
    {
        List<Violation>? best = null;
        foreach (LedgerFile candidate in candidates)
        {
            var violations = new List<Violation>();
            if (!candidate.IsDirectory)
                _files[candidate].Judge(volume, _names.PathOf(name), inode, contents, violations);
            if (best is null || violations.Count <= best.Count)
                best = violations;
        }

        into.AddRange(best ?? []);
    }

    private void JudgeLinks(
        IRecoveredVolume volume, LedgerFile?[] shown, int first, in RecoveredInode inode, List<Violation> into) // rule 15
    {
        int names = 1;
        for (int name = first + 1; shown[first]!.PathCount > 1 && name < shown.Length; name++)
        {
            if (shown[name] == shown[first])
                names++;
        }

        if (names == inode.LinkCount)
            return;
        into.Add(new Violation(
            ViolationKind.WrongLinkCount,
            LedgerRules.LinkCounts,
            "a file's link count is the number of its names",
            $"a link count of {inode.LinkCount} and {names} name(s)",
            volume.Cuts)
        {
            Path = _names.PathOf(first),
        });
    }
}
