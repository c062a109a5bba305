using ExtShell.Engine.IO;
using ExtShell.Engine.Volumes;

namespace ExtShell.Engine.Tests.Volumes;

/// <summary>
/// Random operations on a volume and on its model, from a seed. Asynchronous writes stay in flight until something touches their file in a
/// way that is not ordered with them; then they are waited for first.
/// </summary>
/// <param name="seed">The seed.</param>
/// <param name="host">The volume.</param>
/// <param name="mix">What it does, each as often as it stands there; of everything something if none is given.</param>
/// <param name="shortestNameBytes">How long names are at least: with long ones directories outgrow their first block.</param>
internal sealed class RandomWorkload(int seed, TestVolume host, IReadOnlyList<WorkloadStep>? mix = null, int shortestNameBytes = 0)
{
    private const int LargestFileBytes = 300_000;
    private const int MostFiles = 24;

    private static readonly WorkloadStep[] Everything =
    [
        .. Enumerable.Repeat(WorkloadStep.Create, 3), WorkloadStep.Mkdir, WorkloadStep.Link, WorkloadStep.Unlink, WorkloadStep.Rmdir,
        WorkloadStep.Rename, .. Enumerable.Repeat(WorkloadStep.WriteDirect, 4), WorkloadStep.WriteUnaligned,
        .. Enumerable.Repeat(WorkloadStep.StartDirect, 3), .. Enumerable.Repeat(WorkloadStep.WriteBuffered, 4),
        .. Enumerable.Repeat(WorkloadStep.Fallocate, 2), .. Enumerable.Repeat(WorkloadStep.Truncate, 2),
        .. Enumerable.Repeat(WorkloadStep.SyncFile, 2), WorkloadStep.SyncVolume, .. Enumerable.Repeat(WorkloadStep.Read, 2),
        .. Enumerable.Repeat(WorkloadStep.Punch, 2), .. Enumerable.Repeat(WorkloadStep.ZeroRange, 2), WorkloadStep.Collapse,
        WorkloadStep.Insert, WorkloadStep.Close,
    ];

    private readonly IReadOnlyList<WorkloadStep> _mix = mix ?? Everything;
    private readonly Random _random = new(seed);
    private readonly List<(string Path, FileHandle Handle, ModelFile File)> _open = [];
    private readonly List<(ModelFile File, FileHandle Handle, DirectIo Io)> _inFlight = [];
    private int _nextName;

    public VolumeModel Model { get; } = new();

    public int OperationsCount { get; private set; }

    private Volume Volume => host.Volume;

    public void Run(int operations)
    {
        for (int i = 0; i < operations; i++)
        {
            Step();
            OperationsCount++;
        }

        WaitForAll();
        CloseAll();
    }

    /// <summary>Runs in rounds, verifies each before and after a remount, and leaves an unmounted volume that is clean.</summary>
    public void RunOverRemounts(int rounds)
    {
        for (int round = 0; round < rounds; round++)
        {
            Run(80);
            Verify();
            host.Remount();
            Verify();
        }

        host.Volume.Unmount();
        host.AssertClean();
    }

    /// <summary>Compares all of the tree and all bytes.</summary>
    public void Verify()
    {
        var seenFiles = new SortedSet<string>(StringComparer.Ordinal);
        var seenDirectories = new SortedSet<string>(StringComparer.Ordinal) { "" };
        VerifyDirectory("", seenFiles, seenDirectories);
        Assert.Equal(Model.Directories, seenDirectories);
        Assert.Equal(Model.Files.Keys, seenFiles);
        foreach ((string path, ModelFile file) in Model.Files)
        {
            InodeStatus status = Volume.Stat(path);
            Assert.Equal((path, file.Size, file.Links), (path, (int)status.SizeBytes, status.Links));
            using FileHandle handle = Volume.Open(path, OpenOptions.ReadOnly);
            AssertSame(file, 0, handle.ReadBuffered(0, file.Size + 100), file.Size + 100, path + " buffered");
            AssertSame(file, 0, handle.ReadDirect(0, (file.Size + 4095 + 512) & ~511), file.Size + 4096, path + " direct");
        }
    }

    private void VerifyDirectory(string path, SortedSet<string> files, SortedSet<string> directories)
    {
        foreach (DirectoryItem item in Volume.ReadDirectory(path.Length == 0 ? "/" : path))
        {
            string child = path + "/" + item.Name;
            if (child == "/lost+found")
                continue;
            if (item.Type == Format.OnDisk.FileType.Directory)
            {
                directories.Add(child);
                VerifyDirectory(child, files, directories);
            }
            else
            {
                files.Add(child);
            }
        }
    }

    private void Step()
    {
        switch (_mix[_random.Next(_mix.Count)])
        {
            case WorkloadStep.Create: Create(); break;
            case WorkloadStep.Mkdir: Mkdir(); break;
            case WorkloadStep.Link: Link(); break;
            case WorkloadStep.Unlink: Unlink(); break;
            case WorkloadStep.Rmdir: Rmdir(); break;
            case WorkloadStep.Rename: Rename(); break;
            case WorkloadStep.WriteDirect: WriteDirect(isUnaligned: false); break;
            case WorkloadStep.WriteUnaligned: WriteDirect(isUnaligned: true); break;
            case WorkloadStep.StartDirect: StartDirect(); break;
            case WorkloadStep.WriteBuffered: WriteBuffered(); break;
            case WorkloadStep.Fallocate: Fallocate(); break;
            case WorkloadStep.Truncate: Truncate(); break;
            case WorkloadStep.SyncFile: SyncFile(); break;
            case WorkloadStep.SyncVolume: Volume.Sync(); break;
            case WorkloadStep.Read: Read(); break;
            case WorkloadStep.Punch: Zero(FallocateMode.PunchHole); break;
            case WorkloadStep.ZeroRange: Zero(FallocateMode.ZeroRange); break;
            case WorkloadStep.Collapse: Shift(FallocateMode.CollapseRange); break;
            case WorkloadStep.Insert: Shift(FallocateMode.InsertRange); break;
            case WorkloadStep.Close: CloseOne(); break;
        }
    }

    private string NewPath() =>
        PickDirectory() + "/" + (char)('a' + _random.Next(26)) + new string('x', shortestNameBytes + _random.Next(40)) + _nextName++;

    private string PickDirectory() => Model.Directories.ElementAt(_random.Next(Model.Directories.Count));

    private void Create()
    {
        if (Model.Files.Count >= MostFiles)
            return;
        string path = NewPath();
        FileHandle handle = Volume.Create(path);
        var file = new ModelFile();
        Model.Files.Add(path, file);
        _open.Add((path, handle, file));
    }

    private void Mkdir()
    {
        if (Model.Directories.Count > 6)
            return;
        string path = NewPath();
        Volume.Mkdir(path);
        Model.Directories.Add(path);
    }

    private void Link()
    {
        if (Model.Files.Count == 0 || Model.Files.Count >= MostFiles)
            return;
        (string path, ModelFile file) = Model.Files.ElementAt(_random.Next(Model.Files.Count));
        string name = NewPath();
        Volume.Link(path, name);
        Model.Files.Add(name, file);
        file.Links++;
    }

    private void Unlink()
    {
        if (Model.Files.Count == 0)
            return;
        (string path, ModelFile file) = Model.Files.ElementAt(_random.Next(Model.Files.Count));
        Volume.Unlink(path);
        Model.Files.Remove(path);
        file.Links--;
    }

    private void Rmdir()
    {
        string path = PickDirectory();
        bool isEmpty = path.Length > 0 && !Model.Files.Keys.Concat(Model.Directories).Any(other =>
            other.StartsWith(path + "/", StringComparison.Ordinal));
        if (!isEmpty)
            return;
        Volume.Rmdir(path);
        Model.Directories.Remove(path);
    }

    private void Rename()
    {
        if (Model.Files.Count == 0)
            return;
        (string path, ModelFile file) = Model.Files.ElementAt(_random.Next(Model.Files.Count));
        string target = _random.Next(3) == 0 ? Model.Files.ElementAt(_random.Next(Model.Files.Count)).Key : NewPath();
        Volume.Rename(path, target);
        if (Model.Files.TryGetValue(target, out ModelFile? replaced))
        {
            if (replaced == file)
                return; // two names of one file: rename does nothing
            replaced.Links--;
        }

        Model.Files.Remove(path);
        Model.Files[target] = file;
    }

    private bool TryPick(out FileHandle handle, out ModelFile file)
    {
        if (_open.Count == 0 || (_open.Count < 6 && Model.Files.Count > 0 && _random.Next(4) == 0))
            OpenOne();
        (handle, file) = (null!, null!);
        if (_open.Count == 0)
            return false;
        (_, handle, file) = _open[_random.Next(_open.Count)];
        return true;
    }

    private void OpenOne()
    {
        if (Model.Files.Count == 0)
            return;
        (string path, ModelFile file) = Model.Files.ElementAt(_random.Next(Model.Files.Count));
        _open.Add((path, Volume.Open(path), file));
    }

    private void CloseOne()
    {
        if (_open.Count == 0)
            return;
        int index = _random.Next(_open.Count);
        FileHandle handle = _open[index].Handle;
        _open.RemoveAt(index);
        if (!_inFlight.Exists(other => other.Handle == handle))
            handle.Close();
        else if (_random.Next(2) == 0)
            handle.Close(); // its write goes on
        else
            _open.Add(("", handle, _inFlight.Find(other => other.Handle == handle).File));
    }

    private (int Offset, byte[] Bytes) PickRange(ModelFile file, int granule)
    {
        int limit = _random.Next(4) == 0 ? LargestFileBytes : Math.Min(LargestFileBytes, file.Size + 20_000);
        int length = granule * (1 + _random.Next(_random.Next(5) == 0 ? 40 : 5) * 4096 / Math.Max(granule, 1024));
        length = granule == 1 ? 1 + _random.Next(_random.Next(4) == 0 ? 60_000 : 5_000) : length;
        int offset = _random.Next(3) == 0 ? file.Size / granule * granule : _random.Next(limit) / granule * granule;
        var bytes = new byte[length];
        _random.NextBytes(bytes);
        return (offset, bytes);
    }

    private SyncKind PickSync() => _random.Next(6) switch { 0 => SyncKind.Sync, 1 => SyncKind.DataSync, _ => SyncKind.None };

    private void WriteDirect(bool isUnaligned)
    {
        if (!TryPick(out FileHandle handle, out ModelFile file))
            return;
        WaitFor(file);
        (int offset, byte[] bytes) = PickRange(file, isUnaligned ? 512 : 4096);
        Assert.Equal(bytes.Length, handle.WriteDirect(offset, bytes, PickSync()));
        file.Write(offset, bytes);
    }

    private void StartDirect()
    {
        if (!TryPick(out FileHandle handle, out ModelFile file))
            return;
        (int offset, byte[] bytes) = PickRange(file, 4096);
        bool overlaps = _inFlight.Exists(other => other.File == file && other.Io.OffsetBytes < offset + bytes.Length
            && offset < other.Io.OffsetBytes + other.Io.LengthBytes);
        if (overlaps)
            WaitFor(file);
        DirectIo io = handle.StartDirect(offset, bytes, PickSync());
        file.Write(offset, bytes);
        _inFlight.Add((file, handle, io));
    }

    private void WriteBuffered()
    {
        if (!TryPick(out FileHandle handle, out ModelFile file))
            return;
        WaitFor(file);
        (int offset, byte[] bytes) = PickRange(file, 1);
        Assert.Equal(bytes.Length, handle.WriteBuffered(offset, bytes, PickSync()));
        file.Write(offset, bytes);
    }

    private void Fallocate()
    {
        if (!TryPick(out FileHandle handle, out ModelFile file))
            return;
        int offset = _random.Next(LargestFileBytes);
        int length = 1 + _random.Next(100_000);
        bool keepSize = _random.Next(2) == 0;
        if (IsRefused(handle, offset, length, FallocateMode.Allocate))
            return;
        handle.Fallocate(offset, length, keepSize: keepSize);
        if (!keepSize)
            file.Extend(offset + length);
    }

    /// <summary>Block maps can be punched, and nothing else.</summary>
    private bool IsRefused(FileHandle handle, int offset, int length, FallocateMode mode)
    {
        if (mode == FallocateMode.PunchHole || Volume.Context.SuperBlock.Value.Has(Format.OnDisk.IncompatibleFeatures.Extents))
            return false;
        var refused = Assert.Throws<Format.Errors.FileSystemException>(() => handle.Fallocate(offset, length, mode));
        Assert.Equal(Format.Errors.Errno.EOPNOTSUPP, refused.Errno);
        return true;
    }

    private void Zero(FallocateMode mode)
    {
        if (!TryPick(out FileHandle handle, out ModelFile file))
            return;
        WaitFor(file);
        int offset = _random.Next(file.Size + 10_000);
        int length = 1 + _random.Next(_random.Next(3) == 0 ? 100_000 : 9_000);
        bool keepSize = _random.Next(2) == 0;
        if (IsRefused(handle, offset, length, mode))
            return;
        handle.Fallocate(offset, length, mode, keepSize);
        if (mode == FallocateMode.ZeroRange && !keepSize)
            file.Extend(offset + length);
        file.Zero(offset, length);
    }

    private void Shift(FallocateMode mode)
    {
        if (!TryPick(out FileHandle handle, out ModelFile file))
            return;
        WaitFor(file);
        int offset = _random.Next(file.Size + 1) & -4096;
        int length = 4096 * (1 + _random.Next(10));
        bool isLegal = mode == FallocateMode.CollapseRange
            ? offset + length < file.Size
            : offset < file.Size && file.Size < LargestFileBytes;
        if (!isLegal || IsRefused(handle, offset, length, mode))
            return;
        handle.Fallocate(offset, length, mode);
        if (mode == FallocateMode.CollapseRange)
            file.Collapse(offset, length);
        else
            file.Insert(offset, length);
    }

    private void Truncate()
    {
        if (!TryPick(out FileHandle handle, out ModelFile file))
            return;
        int size = _random.Next(3) == 0 ? _random.Next(LargestFileBytes) : _random.Next(file.Size + 1);
        handle.Truncate(size);
        file.Truncate(size);
    }

    private void SyncFile()
    {
        if (TryPick(out FileHandle handle, out _))
            handle.Sync(_random.Next(2) == 0);
    }

    private void Read()
    {
        if (!TryPick(out FileHandle handle, out ModelFile file))
            return;
        WaitFor(file);
        int offset = _random.Next(file.Size + 5_000);
        int length = 1 + _random.Next(20_000);
        AssertSame(file, offset, handle.ReadBuffered(offset, length), length, "read buffered");
        offset &= ~511;
        length = (length + 511) & ~511;
        AssertSame(file, offset, handle.ReadDirect(offset, length), length, "read direct");
    }

    private static void AssertSame(ModelFile file, int offset, byte[] read, int length, string what)
    {
        ReadOnlySpan<byte> expected = file.Read(offset, length);
        int at = expected.CommonPrefixLength(read);
        Assert.True(at == expected.Length && at == read.Length,
            $"{what}: {read.Length} bytes for {expected.Length}, from {offset}; the first that differs is at {offset + at} of {file.Size}");
    }

    private void WaitFor(ModelFile file)
    {
        for (int i = _inFlight.Count - 1; i >= 0; i--)
        {
            if (_inFlight[i].File == file)
                WaitAt(i);
        }
    }

    private void WaitForAll()
    {
        while (_inFlight.Count > 0)
            WaitAt(_inFlight.Count - 1);
    }

    private void WaitAt(int index)
    {
        (_, FileHandle handle, DirectIo io) = _inFlight[index];
        _inFlight.RemoveAt(index);
        Assert.Equal(io.LengthBytes, handle.WaitDirect(io));
    }

    private void CloseAll()
    {
        foreach ((_, FileHandle handle, _) in _open)
        {
            if (handle.IsOpen)
                handle.Close();
        }

        _open.Clear();
    }
}
