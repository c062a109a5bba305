using ExtShell.Engine.IO;
using ExtShell.Engine.Volumes;
using ExtShell.Format.Errors;

namespace ExtShell.Lab.Durability;

/// <summary>Reads a history: which files and names it touched, what each call did to them, and which syncs cover what.</summary>
/// <remarks>
/// (1) Events are read in the order in which they happened; a name operation takes effect where it was acknowledged. One that was not, or
/// that failed with EIO, may have happened.
/// (2) A handle leads to the file that its path led to when it was opened; the inode that later calls tell makes sure of it.
/// </remarks>
internal sealed class PromiseReader
{
    private const int PageBytes = 4096;

    private readonly History _history;
    private readonly Dictionary<int, LedgerFile> _handles = [];
    private readonly Dictionary<int, string> _setupHandles = [];
    private readonly Dictionary<uint, LedgerFile> _baselineFiles = [];
    private readonly Dictionary<string, NameHistory> _names = [];
    private readonly Dictionary<int, LedgerFile> _files = [];
    private readonly LedgerFile _root = new() { Path = "/", IsDirectory = true };

    private PromiseReader(History history)
    {
        _history = history;
        Files.Add(_root);
    }

    public List<LedgerFile> Files { get; } = [];

    public List<NameHistory> Names { get; } = [];

    /// <summary>Successful syncs of the volume and unmounts, in order.</summary>
    public List<RecordedCall> VolumeSyncs { get; } = [];

    /// <summary>The file that a call on a handle was made on; null if it was made on none.</summary>
    public LedgerFile? FileOf(RecordedCall call) => _files.GetValueOrDefault(call.Id);

    public static PromiseReader Read(History history)
    {
        var reader = new PromiseReader(history);
        reader.ReadSetup();
        foreach ((RecordedCall call, bool isEnd) in reader.Events()) // (1)
        {
            if (isEnd)
                reader.OnAcknowledged(call);
            else
                reader.OnCalled(call);
        }

        foreach (RecordedCall call in history.LoggedCalls)
        {
            if (call.Acknowledged.IsNever && call.Error == Errno.None)
                reader.ReadNameChange(call, isCertain: false);
        }

        return reader;
    }

    private void ReadSetup()
    {
        for (int i = 0; i < _history.SetupCalls; i++)
        {
            RecordedCall call = _history.Calls[i];
            if (call.IsSuccess && call.Operation.Kind is OperationKind.Create or OperationKind.Open)
                _setupHandles[(int)call.Result] = Normalize(call.Operation.Path);
        }
    }

    private List<(RecordedCall Call, bool IsEnd)> Events()
    {
        var events = new List<(int Sequence, RecordedCall Call, bool IsEnd)>();
        foreach (RecordedCall call in _history.LoggedCalls)
        {
            events.Add((call.Called.Sequence, call, false));
            if (!call.Acknowledged.IsNever)
                events.Add((call.Acknowledged.Sequence, call, true));
        }

        events.Sort((a, b) => a.Sequence.CompareTo(b.Sequence));
        return events.ConvertAll(entry => (entry.Call, entry.IsEnd));
    }

    private void OnCalled(RecordedCall call)
    {
        if (call.Operation.Handle != 0 && FindHandle(call) is { } file)
        {
            _files.Add(call.Id, file);
            AddChanges(call, file);
            if (call.Operation.Kind is OperationKind.SyncFile or OperationKind.MapSync || call.Operation.Sync != SyncKind.None)
                file.Syncs.Add(call);
        }
    }

    private void OnAcknowledged(RecordedCall call)
    {
        if (call.IsSuccess)
        {
            ReadNameChange(call, isCertain: true);
            if (call.Operation.Kind is OperationKind.SyncVolume or OperationKind.Unmount)
                VolumeSyncs.Add(call);
        }
        else if (call.Error == Errno.EIO)
        {
            ReadNameChange(call, isCertain: false);
        }
    }

    private LedgerFile? FindHandle(RecordedCall call) // (2)
    {
        int handle = call.Operation.Handle;
        uint inode = call.Operation.Inode;
        if (!_handles.TryGetValue(handle, out LedgerFile? file))
        {
            if (Normalize(call.Operation.Path) == "/")
                return _root;
            BaselineFile? known = inode != 0 ? _history.Baseline.Find(inode) : null;
            if (known is null && _setupHandles.TryGetValue(handle, out string? path))
                known = _history.Baseline.Find(path);
            file = known is not null
                ? BaselineFileOf(known)
                : Add(new LedgerFile { Path = call.Operation.Path ?? "(a file without a name)", Inode = inode });
            _handles.Add(handle, file);
        }

        if (file.Inode == 0)
            file.Inode = inode;
        return file;
    }

    private void ReadNameChange(RecordedCall call, bool isCertain)
    {
        string path = Normalize(call.Operation.Path);
        switch (call.Operation.Kind)
        {
            case OperationKind.Create:
                Open(call, MakeFile(call, path, isCertain, isDirectory: false));
                break;
            case OperationKind.Open:
                LedgerFile? file = path == "/" ? _root : NameOf(path).Current;
                if (file is null && call.Operation.OpenOptions.HasFlag(OpenOptions.Create))
                    file = MakeFile(call, path, isCertain, isDirectory: false);
                Open(call, file);
                break;
            case OperationKind.Chmod or OperationKind.Chown or OperationKind.Chattr or OperationKind.SetXattr or OperationKind.RemoveXattr:
                NameOf(path).Current?.AttributeCalls.Add((call, isCertain));
                break;
            case OperationKind.Symlink or OperationKind.Mknod:
                MakeFile(call, path, isCertain, isDirectory: false);
                break;
            case OperationKind.Mkdir:
                MakeFile(call, path, isCertain, isDirectory: true);
                break;
            case OperationKind.Link:
                if (NameOf(path).Current is { } target)
                    NameOf(Normalize(call.Operation.NewPath)).Add(target, target, call, isCertain);
                break;
            case OperationKind.Rename:
                Rename(call, path, Normalize(call.Operation.NewPath), isCertain);
                break;
            case OperationKind.Unlink or OperationKind.Rmdir:
                NameHistory name = NameOf(path);
                name.Add(null, name.Current, call, isCertain);
                break;
        }
    }

    /// <summary>A rename: the old name goes and the new one comes, at one moment; of a directory also the names below it.</summary>
    private void Rename(RecordedCall call, string path, string newPath, bool isCertain)
    {
        if (NameOf(path).Current is not { } file || NameOf(newPath).Current == file)
            return;
        var moved = new List<string> { path };
        if (file.IsDirectory)
        {
            IEnumerable<string> below = _history.Baseline.Files.SelectMany(known => known.Paths).Concat(_names.Keys);
            moved.AddRange(
                below.Where(name => name.StartsWith(path + "/", StringComparison.Ordinal)).Distinct().Order(StringComparer.Ordinal));
        }

        foreach (string name in moved)
        {
            if (NameOf(name).Current is not { } target)
                continue;
            NameOf(newPath + name[path.Length..]).Add(target, target, call, isCertain);
            NameOf(name).Add(null, target, call, isCertain);
        }
    }

    private void Open(RecordedCall call, LedgerFile? file)
    {
        if (file is null || !call.IsSuccess)
            return;
        _handles[(int)call.Result] = file;
        if (!call.Operation.OpenOptions.HasFlag(OpenOptions.Truncate))
            return;
        file.Changes.Add(new FileChange
        {
            Call = call, Kind = ChangeKind.Truncate, OffsetBytes = 0, EndBytes = 0, ChangesSize = true, IsCertain = true,
        });
    }

    private LedgerFile MakeFile(RecordedCall call, string path, bool isCertain, bool isDirectory)
    {
        LedgerFile file = Add(new LedgerFile { Path = path, IsDirectory = isDirectory, CreatedBy = call });
        NameOf(path).Add(file, file, call, isCertain);
        return file;
    }

    private LedgerFile Add(LedgerFile file)
    {
        Files.Add(file);
        return file;
    }

    private NameHistory NameOf(string path)
    {
        if (_names.TryGetValue(path, out NameHistory? name))
            return name;
        if (_history.Baseline.Find(path) is not { } known)
            return AddName(path, null);
        LedgerFile file = BaselineFileOf(known); // which adds the names of a file that was not known yet
        return _names.TryGetValue(path, out name) ? name : AddName(path, file);
    }

    private NameHistory AddName(string path, LedgerFile? file)
    {
        var name = new NameHistory(path, file);
        _names.Add(path, name);
        Names.Add(name);
        return name;
    }

    private LedgerFile BaselineFileOf(BaselineFile known)
    {
        if (_baselineFiles.TryGetValue(known.Inode, out LedgerFile? file))
            return file;
        file = Add(new LedgerFile { Path = known.Paths[0], IsDirectory = known.IsDirectory, Baseline = known, Inode = known.Inode });
        _baselineFiles.Add(known.Inode, file);
        foreach (string path in known.Paths)
            AddName(path, file);
        return file;
    }

    private static void AddChanges(RecordedCall call, LedgerFile file)
    {
        OperationCall operation = call.Operation;
        switch (operation.Kind)
        {
            case OperationKind.WriteDirect or OperationKind.StartDirect or OperationKind.WriteBuffered
                when !operation.IsAppend || call.IsPlaced: // rule 26
                bool isDirect = operation.Kind != OperationKind.WriteBuffered;
                int written = call.IsSuccess ? (int)Math.Clamp(call.Result, 0, operation.Bytes.Length) : 0;
                AddWrite(file, call, 0, written, isDirect, isCertain: true); // (1) of FileChange
                AddWrite(file, call, written, operation.Bytes.Length, isDirect, isCertain: false);
                break;
            case OperationKind.MapWrite:
                AddStores(file, call);
                break;
            case OperationKind.Truncate:
                file.Changes.Add(new FileChange
                {
                    Call = call, Kind = ChangeKind.Truncate, OffsetBytes = operation.LengthBytes, EndBytes = operation.LengthBytes,
                    ChangesSize = true, IsCertain = call.IsSuccess,
                });
                break;
            case OperationKind.Fallocate:
                AddFallocate(file, call);
                break;
        }
    }

    private static void AddFallocate(LedgerFile file, RecordedCall call)
    {
        OperationCall operation = call.Operation;
        var change = new FileChange
        {
            Call = call, Kind = ChangeKind.Fallocate, OffsetBytes = operation.OffsetBytes,
            EndBytes = operation.OffsetBytes + operation.LengthBytes, ChangesSize = !operation.KeepSize, IsCertain = call.IsSuccess,
        };
        bool mayBeDone = !call.IsFailure || call.Error is Errno.EIO or Errno.ENOSPC; // (4) of ShiftChain
        switch (operation.FallocateMode)
        {
            case FallocateMode.Allocate:
                file.Changes.Add(change);
                break;
            case FallocateMode.ZeroRange:
                file.Changes.Add(change);
                file.Changes.Add(Zeroes(change));
                break;
            case FallocateMode.PunchHole:
                file.Changes.Add(Zeroes(change));
                break;
            case FallocateMode.CollapseRange or FallocateMode.InsertRange when mayBeDone:
                file.Changes.Add(Shift(change, operation.FallocateMode == FallocateMode.InsertRange));
                break;
        }
    }

    private static FileChange Zeroes(FileChange change) => new()
    {
        Call = change.Call, Kind = ChangeKind.Zero, OffsetBytes = change.OffsetBytes, EndBytes = change.EndBytes,
        IsCertain = change.IsCertain,
    };

    private static FileChange Shift(FileChange change, bool isInsert) => new()
    {
        Call = change.Call, Kind = ChangeKind.Shift, OffsetBytes = change.OffsetBytes, EndBytes = change.EndBytes,
        IsInsert = isInsert, IsCertain = change.IsCertain,
    };

    /// <summary>
    /// Stores go page by page, and each page is a change of its own: an msync may cover some of them. What lay past the end of the file in
    /// the page of the end is no change (rule 23); pages behind that were in the file only if it grew meanwhile.
    /// </summary>
    private static void AddStores(LedgerFile file, RecordedCall call)
    {
        int inside = call.IsSuccess ? (int)call.Result : 0;
        int length = call.Operation.Bytes.Length;
        for (int from = 0; from < length;)
        {
            int to = (int)Math.Min(length, from + PageBytes - ((call.Operation.OffsetBytes + from) % PageBytes));
            bool holdsEnd = call.IsSuccess && inside >= from && inside < to;
            AddWrite(file, call, from, holdsEnd ? inside : to, isDirect: false, isCertain: inside >= to || holdsEnd);
            from = to;
        }
    }

    private static void AddWrite(LedgerFile file, RecordedCall call, int from, int to, bool isDirect, bool isCertain)
    {
        if (from >= to)
            return;
        file.Changes.Add(new FileChange
        {
            Call = call, Kind = ChangeKind.Write, OffsetBytes = call.Operation.OffsetBytes + from,
            EndBytes = call.Operation.OffsetBytes + to,
            Bytes = call.Operation.Bytes[from..to], IsDirect = isDirect, ChangesSize = true, IsCertain = isCertain,
        });
    }

    /// <summary>A path from the root, without doubled or trailing slashes.</summary>
    private static string Normalize(string? path) => "/" + string.Join('/', (path ?? "").Split('/', StringSplitOptions.RemoveEmptyEntries));
}
