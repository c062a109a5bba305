using ExtShell.Engine.Volumes;
using ExtShell.Format.OnDisk;
using ExtShell.Lab.Crash;

namespace ExtShell.Lab.Durability;

/// <summary>
/// Judges permissions, owner and group of a file after a cut (rule 29): once a chmod or chown is durable, none before it is shown.
/// </summary>
/// <remarks>
/// (1) Set-ID bits are not judged: writes and new owners take them away. (2) What a symbolic link hides is not: a chmod of its path changes
/// what it leads to. (3) A setting that is later than the durable one, or that nobody ordered with it, may be shown from its call on.
/// </remarks>
internal sealed class AttributeJudge
{
    private const InodeMode Judged = (InodeMode)0x3FF; // (1)

    private readonly List<Setting> _settings = [];

    public AttributeJudge(LedgerFile file, IEnumerable<RecordedCall> volumeSyncs)
    {
        foreach ((RecordedCall call, bool isCertain) in file.AttributeCalls)
        {
            OperationCall made = call.Operation;
            int durableAt = isCertain ? DurableAt(call, file, volumeSyncs) : int.MaxValue;
            if (made.Kind == OperationKind.Chmod)
                _settings.Add(new Setting("permissions", (uint)(made.Permissions & Judged), call, durableAt));
            if (made.Owner is { } owner)
                _settings.Add(new Setting("owner", owner, call, durableAt));
            if (made.Group is { } group)
                _settings.Add(new Setting("group", group, call, durableAt));
        }
    }

    public void Judge(string path, in RecoveredInode inode, CutRange cuts, List<Violation> into)
    {
        if ((inode.Mode & InodeMode.TypeMask) == InodeMode.SymbolicLink) // (2)
            return;
        foreach (Setting promised in _settings)
        {
            if (promised.DurableAt > cuts.Last)
                continue;
            uint found = promised.What switch { "owner" => inode.Owner, "group" => inode.Group, _ => (uint)(inode.Mode & Judged) };
            if (IsLegal(promised, found, cuts.Last))
                continue;
            into.Add(new Violation(ViolationKind.ChangedAttributes, LedgerRules.Attributes,
                $"{promised.What} that {promised.Call} set, or newer",
                promised.What == "permissions" ? Convert.ToString(found, 8) : CallText.Plain(found),
                cuts with { First = Math.Max(cuts.First, promised.DurableAt) })
            {
                Path = path, PromisedBy = promised.Call.Id,
            });
            return;
        }
    }

    private bool IsLegal(Setting promised, uint found, int lastCut) => _settings.Exists(
        other => other.What == promised.What && other.Value == found
        && (other == promised || (!other.Call.IsBefore(promised.Call) && other.Call.Called.Position <= lastCut))); // (3)

    private static int DurableAt(RecordedCall call, LedgerFile file, IEnumerable<RecordedCall> volumeSyncs)
    {
        bool Covers(RecordedCall sync) => sync.IsSuccess && call.IsBefore(sync)
            && (sync.Operation.Kind != OperationKind.SyncFile || !sync.Operation.DataOnly);
        IEnumerable<RecordedCall> syncs = file.Syncs.Where(static sync => sync.Operation.Kind == OperationKind.SyncFile);
        if (syncs.Any(sync => sync.IsFailure && call.IsBefore(sync)))
            return int.MaxValue; // rule 18
        return syncs.Concat(volumeSyncs).Where(Covers).Select(static sync => sync.Acknowledged.Position).DefaultIfEmpty(int.MaxValue).Min();
    }

    private sealed record Setting(string What, uint Value, RecordedCall Call, int DurableAt);
}
