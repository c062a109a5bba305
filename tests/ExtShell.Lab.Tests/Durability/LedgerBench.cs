using System.Globalization;
using ExtShell.Engine.Devices;
using ExtShell.Engine.Kernel;
using ExtShell.Engine.IO;
using ExtShell.Engine.Volumes;
using ExtShell.Format.Errors;
using ExtShell.Lab.Durability;

namespace ExtShell.Lab.Tests.Durability;

/// <summary>Plays calls to a history, on a log that moves on by one position for each event in between.</summary>
internal sealed class LedgerBench
{
    public const int Block = 4096;

    private readonly Machine _machine = new();
    private readonly SimulatedDisk _disk;
    private readonly Dictionary<int, uint> _inodes = [];
    private int _nextHandle = 1;

    public LedgerBench(Baseline? baseline = null, JournalMode journal = JournalMode.Ordered)
    {
        _disk = new SimulatedDisk(_machine, new PagedMemory(1 << 20), new DeviceTraits());
        Options = new MountOptions { Journal = journal };
        History.Begin(_disk.StartLog(), baseline ?? Baseline.Empty);
    }

    public History History { get; } = new();

    public MountOptions Options { get; }

    public int Now => History.Log!.Position;

    public Ledger Ledger() => new(History, Options);

    /// <summary>The device works: the position moves on by two.</summary>
    public int Work()
    {
        var flush = new Bio(_machine).SetFlush();
        _disk.Submit(flush);
        _disk.Fire(0);
        return Now;
    }

    public int Call(OperationCall call) => History.OnCall(call);

    public int End(int call, long result = 0, Errno error = Errno.None)
    {
        History.OnAcknowledged(call, result, error);
        History.OnReturn(call, result, error);
        return Now;
    }

    /// <summary>A call with work of the device while it runs.</summary>
    public int Do(OperationCall call, long result = 0, Errno error = Errno.None)
    {
        int id = Call(call);
        Work();
        End(id, result, error);
        return id;
    }

    public int Create(string path, uint inode)
    {
        int handle = _nextHandle++;
        _inodes[handle] = inode;
        Do(new OperationCall { Kind = OperationKind.Create, Path = path }, handle);
        return handle;
    }

    public int Open(string path, uint inode, OpenOptions options = OpenOptions.None)
    {
        int handle = _nextHandle++;
        _inodes[handle] = inode;
        Do(new OperationCall { Kind = OperationKind.Open, Path = path, OpenOptions = options }, handle);
        return handle;
    }

    public OperationCall WriteCall(
        int handle, long offset, byte[] bytes, SyncKind sync = SyncKind.None, OperationKind kind = OperationKind.WriteDirect) => new()
    {
        Kind = kind, Handle = handle, Inode = _inodes[handle], Path = PathOf(handle), OffsetBytes = offset, Bytes = bytes, Sync = sync,
    };

    public int Write(
        int handle, long offset, byte[] bytes, SyncKind sync = SyncKind.None, OperationKind kind = OperationKind.WriteDirect) =>
        Do(WriteCall(handle, offset, bytes, sync, kind), bytes.Length);

    public int Truncate(int handle, long size) =>
        Do(new OperationCall
        {
            Kind = OperationKind.Truncate, Handle = handle, Inode = _inodes[handle], Path = PathOf(handle), LengthBytes = size,
        });

    public int Fallocate(int handle, long offset, long length, bool keepSize = false,
        FallocateMode mode = FallocateMode.Allocate) => Do(new OperationCall
    {
        FallocateMode = mode, Kind = OperationKind.Fallocate, Handle = handle, Inode = _inodes[handle], Path = PathOf(handle),
        OffsetBytes = offset, LengthBytes = length, KeepSize = keepSize,
    });

    public OperationCall SyncCall(int handle, bool dataOnly = false) => new()
    {
        Kind = OperationKind.SyncFile, Handle = handle, Inode = _inodes[handle], Path = PathOf(handle), DataOnly = dataOnly,
    };

    public int Sync(int handle, bool dataOnly = false, Errno error = Errno.None) => Do(SyncCall(handle, dataOnly), 0, error);

    public int SyncVolume() => Do(new OperationCall { Kind = OperationKind.SyncVolume });

    public int Mkdir(string path) => Do(new OperationCall { Kind = OperationKind.Mkdir, Path = path });

    public int Unlink(string path) => Do(new OperationCall { Kind = OperationKind.Unlink, Path = path });

    public int Link(string path, string newPath) => Do(new OperationCall { Kind = OperationKind.Link, Path = path, NewPath = newPath });

    public int Rename(string path, string newPath) => Do(new OperationCall { Kind = OperationKind.Rename, Path = path, NewPath = newPath });

    public int Read(int handle, long offset, int length, byte[] seen) => EndRead(StartRead(handle, offset, length), seen);

    public (int Call, byte[] Into) StartRead(int handle, long offset, int length)
    {
        var into = new byte[length];
        int call = Call(new OperationCall
        {
            Kind = OperationKind.ReadDirect, Handle = handle, Inode = _inodes[handle], Path = PathOf(handle), OffsetBytes = offset,
            LengthBytes = length, Bytes = into,
        });
        return (call, into);
    }

    public int EndRead((int Call, byte[] Into) read, byte[] seen)
    {
        seen.CopyTo(read.Into, 0);
        return End(read.Call, seen.Length);
    }

    public List<Violation> Judge(HandMadeVolume volume)
    {
        var violations = new List<Violation>();
        Ledger().Judge(volume, violations);
        return violations;
    }

    public static byte[] Bytes(char fill, int length = Block)
    {
        var bytes = new byte[length];
        bytes.AsSpan().Fill((byte)fill);
        return bytes;
    }

    public static byte[] Concat(params byte[][] parts) => [.. parts.SelectMany(part => part)];

    /// <summary>A baseline with one regular file.</summary>
    public static Baseline WithFile(string path, uint inode, byte[] content) =>
        new([new BaselineFile(inode, [path], false, content.Length, (offset, length) => content.AsSpan((int)offset, length).ToArray())]);

    private string PathOf(int handle)
    {
        foreach (RecordedCall call in History.Calls)
        {
            if (call.Operation.Kind is OperationKind.Create or OperationKind.Open && call.Result == handle)
                return call.Operation.Path!;
        }

        throw new InvalidOperationException(handle.ToString(CultureInfo.InvariantCulture));
    }
}
