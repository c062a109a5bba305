using ExtShell.Check;
using ExtShell.Engine.Volumes;
using ExtShell.Format.OnDisk;
using ExtShell.Lab.Crash;

namespace ExtShell.Lab.Durability;

/// <summary>
/// Judges permissions, owner, group, flags and extended attributes of a file after a cut (rule 29): once a call that set one is durable,
/// nothing before it is shown.
/// </summary>
/// <remarks>
/// (1) Set-ID bits and security.capability are not judged: writes and new owners take them away. (2) What a symbolic link hides is not: a
/// chmod of its path changes what it leads to. (3) A setting that is later than the durable one, or that nobody ordered with it, may be
/// shown from its call on.
/// </remarks>
internal sealed class AttributeJudge
{
    private const InodeMode Judged = (InodeMode)0x3FF; // (1)
    private const string NotJudged = "security.capability"; // (1)
    private const int ShownCharacters = 64;

    private readonly List<Setting> _settings = [];

    public AttributeJudge(LedgerFile file, IEnumerable<RecordedCall> volumeSyncs)
    {
        foreach ((RecordedCall call, bool isCertain) in file.AttributeCalls)
        {
            int durableAt = isCertain ? DurableAt(call, file, volumeSyncs) : int.MaxValue;
            foreach ((AttributeKind kind, string what, string? value) in SettingsOf(call.Operation))
                _settings.Add(new Setting(kind, what, value, call, durableAt));
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
            string? found = Found(promised, inode);
            if (IsLegal(promised, found, cuts.Last))
                continue;
            into.Add(new Violation(ViolationKind.ChangedAttributes, LedgerRules.Attributes,
                $"{promised.What} that {promised.Call} set, or newer", Shown(found),
                cuts with { First = Math.Max(cuts.First, promised.DurableAt) })
            {
                Path = path, PromisedBy = promised.Call.Id,
            });
            return;
        }
    }

    private static IEnumerable<(AttributeKind Kind, string What, string? Value)> SettingsOf(OperationCall made)
    {
        if (made.Kind == OperationKind.Chmod)
            yield return (AttributeKind.Permissions, "permissions", Text(made.Permissions));
        if (made.Owner is { } owner)
            yield return (AttributeKind.Owner, "owner", CallText.Plain(owner));
        if (made.Group is { } group)
            yield return (AttributeKind.Group, "group", CallText.Plain(group));
        if (made.Kind == OperationKind.SetXattr && made.AttributeName != NotJudged)
            yield return (AttributeKind.Extended, made.AttributeName!, Text(made.Bytes.Span));
        if (made.Kind == OperationKind.RemoveXattr && made.AttributeName != NotJudged)
            yield return (AttributeKind.Extended, made.AttributeName!, null);
        foreach (InodeFlags flag in Enum.GetValues<InodeFlags>())
        {
            if (flag != InodeFlags.None && (made.AddedFlags & flag) == flag)
                yield return (AttributeKind.Flag, flag.ToString(), "set");
            else if (flag != InodeFlags.None && (made.RemovedFlags & flag) == flag)
                yield return (AttributeKind.Flag, flag.ToString(), "clear");
        }
    }

    private static string? Found(Setting promised, in RecoveredInode inode) => promised.Kind switch
    {
        AttributeKind.Owner => CallText.Plain(inode.Owner),
        AttributeKind.Group => CallText.Plain(inode.Group),
        AttributeKind.Permissions => Text(inode.Mode),
        AttributeKind.Flag => (inode.Flags & Enum.Parse<InodeFlags>(promised.What)) != 0 ? "set" : "clear",
        _ => FindValue(promised.What, inode.Attributes ?? []),
    };

    private static string? FindValue(string name, IEnumerable<AttributeFacts> attributes)
    {
        foreach (AttributeFacts attribute in attributes)
        {
            if (attribute.Name == name)
                return Text(attribute.Value.Span);
        }

        return null;
    }

    private static string Text(InodeMode mode) => Convert.ToString((uint)(mode & Judged), 8);

    private static string Text(ReadOnlySpan<byte> value) => "0x" + Convert.ToHexString(value);

    private static string Shown(string? found) =>
        found is null ? "none" : found.Length > ShownCharacters ? found[..ShownCharacters] + "…" : found;

    private bool IsLegal(Setting promised, string? found, int lastCut) => _settings.Exists(other => other.Kind == promised.Kind
        && other.What == promised.What && other.Value == found
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

    private enum AttributeKind
    {
        Permissions,
        Owner,
        Group,
        Flag,
        Extended,
    }

    private sealed record Setting(AttributeKind Kind, string What, string? Value, RecordedCall Call, int DurableAt);
}
