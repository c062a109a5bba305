using System.Collections.Concurrent;
using ExtShell.Check;

namespace ExtShell.Lab.Durability;

/// <summary>Judges what no call touched: it keeps its names, size and blocks (rule 19). Once for each tree.</summary>
internal sealed class BystanderJudge
{
    private readonly Baseline _baseline;
    private readonly HashSet<uint> _inodes = [];
    private readonly HashSet<string> _paths = [];
    private readonly ConcurrentDictionary<TreeIdentity, Violation[]> _verdicts = new();

    public BystanderJudge(PromiseReader promises, Baseline baseline)
    {
        _baseline = baseline;
        foreach (LedgerFile file in promises.Files)
            _inodes.Add(file.Inode);
        foreach (NameHistory name in promises.Names)
        {
            _paths.Add(name.Path);
            _paths.Add(name.Parent);
        }
    }

    public void Judge(IRecoveredVolume volume, List<Violation> into)
    {
        if (!_verdicts.TryGetValue(volume.Identity, out Violation[]? violations))
            violations = _verdicts.GetOrAdd(volume.Identity, FindChangedBystanders(volume));
        foreach (Violation violation in violations)
            into.Add(violation with { Cuts = volume.Cuts });
    }

    private Violation[] FindChangedBystanders(IRecoveredVolume volume)
    {
        var violations = new List<Violation>();
        foreach (BaselineFile file in _baseline.Files)
        {
            if (_inodes.Contains(file.Inode))
                continue;
            foreach (string path in file.Paths)
            {
                if (!_paths.Contains(path) && Change(volume, file, path) is { } change)
                    violations.Add(Bystander(path, change));
            }
        }

        foreach (string path in volume.Paths())
        {
            if (!_paths.Contains(path) && _baseline.Find(path) is null)
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
}
