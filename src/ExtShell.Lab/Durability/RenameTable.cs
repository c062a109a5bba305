using ExtShell.Engine.Volumes;
using ExtShell.Lab.Crash;

namespace ExtShell.Lab.Durability;

/// <summary>Judges renames: a cut shows all names that one changed as before it, or all as after it (rule 21).</summary>
internal sealed class RenameTable
{
    private readonly List<(RecordedCall Call, List<(int Name, NameVersion Version)> Changes)> _renames = [];

    public RenameTable(NameHistory[] names)
    {
        for (int name = 0; name < names.Length; name++)
        {
            foreach (NameVersion version in names[name].Versions)
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

    public bool IsEmpty => _renames.Count == 0;

    public void Judge(DatedVersion?[] shown, CutRange cuts, List<Violation> into)
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
            into.Add(new Violation(ViolationKind.NamesOutOfOrder, LedgerRules.Renames, $"{call}: a cut shows all of it or nothing", found,
                cuts)
            {
                Path = undone.Name.Path,
                PromisedBy = call.Id,
            });
        }
    }

    private static bool IsAfter(NameVersion version, NameVersion operation) => version == operation || operation.IsBefore(version);
}
