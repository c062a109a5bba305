using ExtShell.Engine.IO;
using ExtShell.Engine.Volumes;

namespace ExtShell.Lab.Durability;

/// <summary>Finds for each change and each name the first cut from which it is promised.</summary>
internal sealed class DurabilityReader(PromiseReader promises, bool hasJournal)
{
    private const int PageBytes = 4096;

    private readonly Dictionary<string, LedgerFile> _directories = [];

    public void Read()
    {
        foreach (LedgerFile file in promises.Files)
        {
            foreach (FileChange change in file.Changes)
                Date(change, file);
            CarrySizes(file);
        }

        foreach (NameHistory name in promises.Names)
        {
            if (name.Versions[0].Target is { IsDirectory: true } directory)
                _directories[name.Path] = directory;
        }

        foreach (NameHistory name in promises.Names)
        {
            foreach (NameVersion version in name.Versions)
            {
                if (version is { IsCertain: true, Call: { } call })
                    Date(version, call, DirectoryOf(name.Parent));
            }
        }
    }

    private void Date(FileChange change, LedgerFile file)
    {
        if (change.IsCertain && change.Kind == ChangeKind.Write && change.Call.Operation.Sync != SyncKind.None)
        {
            (change.DurableAt, change.DurableBy) = (change.Call.Acknowledged.Position, change.Call); // rule 4
            change.SettledAt = change.DurableAt;
        }

        foreach (RecordedCall sync in file.Syncs)
        {
            if (!IsOfFile(sync) || !change.Call.IsBefore(sync))
                continue;
            if (sync.IsFailure)
                break; // rule 18
            bool isMapSync = sync.Operation.Kind == OperationKind.MapSync;
            if (sync.IsSuccess && (!isMapSync || Reaches(sync, change)))
                Cover(change, sync, isDataOnly: isMapSync || sync.Operation.DataOnly);
        }

        foreach (RecordedCall sync in promises.VolumeSyncs)
        {
            if (change.Call.IsBefore(sync) && !HasFailedSync(file, change, sync))
                Cover(change, sync, isDataOnly: false);
        }
    }

    private static bool IsOfFile(RecordedCall sync) => sync.Operation.Kind is OperationKind.SyncFile or OperationKind.MapSync;

    /// <summary>Whether an msync is one of the page that was stored into. (rule 25)</summary>
    private static bool Reaches(RecordedCall sync, FileChange change)
    {
        if (!change.IsMapped)
            return false;
        long firstPage = sync.Operation.OffsetBytes / PageBytes;
        long endPage = (sync.Operation.OffsetBytes + sync.Operation.LengthBytes + PageBytes - 1) / PageBytes;
        return change.OffsetBytes / PageBytes >= firstPage && change.OffsetBytes / PageBytes < endPage;
    }

    private static bool HasFailedSync(LedgerFile file, FileChange change, RecordedCall before)
    {
        foreach (RecordedCall sync in file.Syncs)
        {
            bool isFailed = IsOfFile(sync) && sync.IsFailure;
            if (isFailed && change.Call.IsBefore(sync) && sync.Called.IsBefore(before.Called))
                return true;
        }

        return false;
    }

    private static void Cover(FileChange change, RecordedCall sync, bool isDataOnly)
    {
        int position = sync.Acknowledged.Position;
        change.SettledAt = Math.Min(change.SettledAt, position);
        if (!change.IsCertain)
            return;
        if (position < change.DurableAt)
            (change.DurableAt, change.DurableBy) = (position, sync); // rule 5
        change.SettledAt = Math.Min(change.SettledAt, change.DurableAt);
        if (!isDataOnly && position < change.ReservedAt)
            (change.ReservedAt, change.ReservedBy) = (position, sync); // rule 16
    }

    /// <summary>Rule 7: the size is one datum, so a durable change of it makes the truncates before it durable.</summary>
    private static void CarrySizes(LedgerFile file)
    {
        foreach (FileChange truncate in file.Changes)
        {
            if (truncate.Kind != ChangeKind.Truncate || !truncate.IsCertain)
                continue;
            foreach (FileChange later in file.Changes)
            {
                if (later.DurableAt < truncate.DurableAt && truncate.IsBefore(later) && SizeTable.SurelyGrows(file, later))
                    (truncate.DurableAt, truncate.DurableBy) = (later.DurableAt, later.DurableBy);
            }
        }
    }

    private LedgerFile? DirectoryOf(string path)
    {
        if (_directories.TryGetValue(path, out LedgerFile? directory))
            return directory;
        if (path == "/")
            return promises.Files.Find(file => file.Path == "/");
        NameHistory? name = promises.Names.Find(candidate => candidate.Path == path);
        return name?.Versions.FindLast(version => version.Target is { IsDirectory: true })?.Target;
    }

    private void Date(NameVersion version, RecordedCall call, LedgerFile? directory)
    {
        foreach (RecordedCall sync in promises.VolumeSyncs)
            Cover(version, call, sync, LedgerRules.NamesAfterSync);
        foreach (RecordedCall sync in directory?.Syncs ?? [])
        {
            if (sync.Operation is { Kind: OperationKind.SyncFile, DataOnly: false })
                Cover(version, call, sync, LedgerRules.NamesAfterSync);
        }

        if (!hasJournal || version.Subject is not { } subject)
            return;
        foreach (RecordedCall sync in subject.Syncs)
        {
            if (sync.Operation.Kind == OperationKind.MapSync)
                continue;
            bool isWhole = sync.Operation.Kind == OperationKind.SyncFile ? !sync.Operation.DataOnly : sync.Operation.Sync == SyncKind.Sync;
            if (isWhole || subject.CreatedBy == call)
                Cover(version, call, sync, LedgerRules.NamesAfterFileSync);
        }
    }

    private static void Cover(NameVersion version, RecordedCall call, RecordedCall sync, int rule)
    {
        if (!sync.IsSuccess || !call.IsBefore(sync) || sync.Acknowledged.Position >= version.DurableAt)
            return;
        (version.DurableAt, version.DurableBy, version.DurableRule) = (sync.Acknowledged.Position, sync, rule);
    }
}
