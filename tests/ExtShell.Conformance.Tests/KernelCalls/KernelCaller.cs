using System.Globalization;
using System.Runtime.InteropServices;
using ExtShell.Conformance.Tests.Kernel;
using ExtShell.Engine.IO;
using ExtShell.Engine.Volumes;

namespace ExtShell.Conformance.Tests.KernelCalls;

/// <summary>Makes calls on a mounted volume, and says how they ended: the result, or the errno.</summary>
/// <param name="folder">Where the volume is mounted.</param>
internal sealed unsafe partial class KernelCaller(string folder) : IDisposable
{
    private const int Alignment = 4096;
    private const int ReadWrite = 2;
    private const int CreateFlag = 0x40;
    private const int ExclusiveFlag = 0x80;
    private const int TruncateFlag = 0x200;
    private const int AppendFlag = 0x400;
    private const int CloseOnExec = 0x80000;
    private const int DefaultMode = 0x1A4;
    private const int WorkingDirectory = -100;
    private const int AdviseRandom = 1;
    private const int AdviseDontNeed = 4;
    private const int CacheStatNumber = 451;
    private const int PunchWithinSize = 3;
    private const long PastAnyEnd = 1L << 42;

    private readonly AsynchronousWrites _asynchronous = new();

    /// <summary>Each slot is open twice: through the page cache, and around it.</summary>
    private readonly (int Buffered, int Direct)[] _slots = [.. Enumerable.Repeat((-1, -1), 8)];

    public string Make(VolumeCall call) => call.Kind switch
    {
        CallKind.Open => Open(call),
        CallKind.Close => Close(call.Slot),
        CallKind.Write => Write(call),
        CallKind.Start => _asynchronous.Start(Descriptor(call), call),
        CallKind.Wait => _asynchronous.Wait(call.Tag),
        CallKind.Read => Read(call),
        CallKind.Fallocate => Ended(fallocate(_slots[call.Slot].Buffered, ModeOf(call), call.Offset, call.Length)),
        CallKind.Truncate => Ended(ftruncate(_slots[call.Slot].Buffered, call.Length)),
        CallKind.Sync => Ended(fsync(_slots[call.Slot].Buffered)),
        CallKind.DataSync => Ended(fdatasync(_slots[call.Slot].Buffered)),
        CallKind.SyncVolume => SyncVolume(),
        CallKind.Link => Ended(link(Path(call.Path), Path(call.NewPath))),
        CallKind.Unlink => Ended(unlink(Path(call.Path))),
        CallKind.Rename =>
            Ended(renameat2(WorkingDirectory, Path(call.Path), WorkingDirectory, Path(call.NewPath), call.NoReplace ? 1u : 0)),
        CallKind.Mkdir => Ended(mkdir(Path(call.Path), 0x1ED)),
        CallKind.Rmdir => Ended(rmdir(Path(call.Path))),
        CallKind.Stat => Stat(call),
        _ => MakeOnAttributes(call),
    };

    /// <summary>Whether pages of the call's range are cached.</summary>
    public bool HasCached(VolumeCall call)
    {
        if (_slots[call.Slot].Buffered < 0)
            return false;
        ulong* range = stackalloc ulong[] { (ulong)call.Offset, (ulong)call.Length };
        ulong* found = stackalloc ulong[5]; // struct cachestat: cached first
        return syscall(CacheStatNumber, _slots[call.Slot].Buffered, range, found, 0) == 0 && found[0] > 0;
    }

    /// <summary>How many extents the call's range has (FIEMAP).</summary>
    public int ExtentsUnder(VolumeCall call)
    {
        if (_slots[call.Slot].Buffered < 0)
            return 0;
        ulong* range = stackalloc ulong[] { (ulong)call.Offset, (ulong)call.Length, 0, 0 }; // struct fiemap: the count is behind the flags
        return ioctl(_slots[call.Slot].Buffered, (nuint)LinuxCalls.FiemapRequest, range) == 0 ? (int)(range[2] >> 32) : 0;
    }

    /// <summary>Brings the file of a slot to the device, and drops its pages.</summary>
    public void DropCached(int slot)
    {
        fsync(_slots[slot].Buffered);
        posix_fadvise(_slots[slot].Buffered, 0, 0, AdviseDontNeed);
    }

    public void Dispose()
    {
        for (int slot = 0; slot < _slots.Length; slot++)
            Close(slot);
        _asynchronous.Dispose();
    }

    internal static string Ended(nint result) =>
        result >= 0 ? result.ToString(CultureInfo.InvariantCulture) : LinuxCalls.LastError.ToString(CultureInfo.InvariantCulture) + "!";

    /// <summary>The RWF flags of a write.</summary>
    internal static int WriteFlags(VolumeCall call) =>
        (call.IsNoWait ? 8 : 0) | call.Sync switch { SyncKind.DataSync => 2, SyncKind.Sync => 4, _ => 0 };

    private string SyncVolume()
    {
        LinuxCalls.SyncFileSystem(folder);
        return "0";
    }

    private string Open(VolumeCall call)
    {
        Close(call.Slot);
        int flags = (call.Options.HasFlag(OpenOptions.ReadOnly) ? 0 : ReadWrite) | CloseOnExec
            | (call.Options.HasFlag(OpenOptions.Append) ? AppendFlag : 0)
            | (call.Options.HasFlag(OpenOptions.DataSync) ? LinuxCalls.OpenDataSync : 0)
            | (call.Options.HasFlag(OpenOptions.Sync) ? LinuxCalls.OpenSync : 0);
        int once = (call.Options.HasFlag(OpenOptions.Create) ? CreateFlag : 0)
            | (call.Options.HasFlag(OpenOptions.Exclusive) ? ExclusiveFlag : 0)
            | (call.Options.HasFlag(OpenOptions.Truncate) ? TruncateFlag : 0);
        int descriptor = open(Path(call.Path), flags | once, DefaultMode);
        if (descriptor < 0)
            return Ended(descriptor);
        fallocate(descriptor, PunchWithinSize, PastAnyEnd, Alignment);
        posix_fadvise(descriptor, 0, 0, AdviseRandom);
        _slots[call.Slot] = (descriptor, open($"/proc/self/fd/{descriptor}", flags | LinuxCalls.OpenDirect, 0));
        return "0";
    }

    private string Close(int slot)
    {
        (int buffered, int direct) = _slots[slot];
        _slots[slot] = (-1, -1);
        if (direct >= 0)
            close(direct);
        return Ended(close(buffered));
    }

    private string Write(VolumeCall call)
    {
        byte* memory = (byte*)NativeMemory.AlignedAlloc((nuint)call.Length + Alignment, Alignment);
        call.Bytes().CopyTo(new Span<byte>(memory, (int)call.Length));
        nint* vector = stackalloc nint[] { (nint)memory, (nint)call.Length };
        bool isPlain = WriteFlags(call) == 0 || call.Offset == -1; // to pwritev2 that offset is the file's own position
        string ended = Ended(isPlain
            ? pwrite(Descriptor(call), memory, (nuint)call.Length, call.Offset)
            : pwritev2(Descriptor(call), vector, 1, call.Offset, WriteFlags(call)));
        NativeMemory.AlignedFree(memory);
        return ended;
    }

    private string Read(VolumeCall call)
    {
        byte* memory = (byte*)NativeMemory.AlignedAlloc((nuint)call.Length + Alignment, Alignment);
        nint read = pread(Descriptor(call), memory, (nuint)call.Length, call.Offset);
        string ended = read < 0 ? Ended(read) : EngineCaller.Digest(new ReadOnlySpan<byte>(memory, (int)read));
        NativeMemory.AlignedFree(memory);
        return ended;
    }

    private string Stat(VolumeCall call)
    {
        try
        {
            (int mode, int links, long size, _) = LinuxCalls.Stat(Path(call.Path));
            return FormattableString.Invariant($"{mode} {links} {size}");
        }
        catch (IOException)
        {
            return Ended(-1);
        }
    }

    private static int ModeOf(VolumeCall call) => (call.KeepSize ? 1 : 0) | call.Mode switch
    {
        FallocateMode.PunchHole => 2,
        FallocateMode.CollapseRange => 8,
        FallocateMode.ZeroRange => 16,
        FallocateMode.InsertRange => 32,
        _ => 0,
    };

    /// <summary>A directory cannot be opened around the page cache, so it has one descriptor only.</summary>
    private int Descriptor(VolumeCall call) =>
        call.IsDirect && _slots[call.Slot].Direct >= 0 ? _slots[call.Slot].Direct : _slots[call.Slot].Buffered;

    private string Path(string path) => folder + path;

    [DllImport("libc", SetLastError = true, CharSet = CharSet.Ansi)]
    private static extern int open(string path, int flags, int mode);

    [DllImport("libc", SetLastError = true)]
    private static extern int close(int descriptor);

    [DllImport("libc", SetLastError = true)]
    private static extern nint pwrite(int descriptor, byte* from, nuint length, long offset);

    [DllImport("libc", SetLastError = true)]
    private static extern nint pread(int descriptor, byte* into, nuint length, long offset);

    [DllImport("libc", SetLastError = true)]
    private static extern int fallocate(int descriptor, int mode, long offset, long length);

    [DllImport("libc", SetLastError = true)]
    private static extern int ftruncate(int descriptor, long length);

    [DllImport("libc", SetLastError = true)]
    private static extern int posix_fadvise(int descriptor, long offset, long length, int advice);

    [DllImport("libc", SetLastError = true)]
    private static extern int ioctl(int descriptor, nuint request, ulong* argument);

    [DllImport("libc", SetLastError = true)]
    private static extern nint syscall(nint number, nint descriptor, ulong* range, ulong* found, nint flags);

    [DllImport("libc", SetLastError = true)]
    private static extern int fsync(int descriptor);

    [DllImport("libc", SetLastError = true, CharSet = CharSet.Ansi)]
    private static extern int link(string path, string newPath);

    [DllImport("libc", SetLastError = true, CharSet = CharSet.Ansi)]
    private static extern int unlink(string path);

    [DllImport("libc", SetLastError = true, CharSet = CharSet.Ansi)]
    private static extern int renameat2(int folder, string path, int newFolder, string newPath, uint flags);

    [DllImport("libc", SetLastError = true)]
    private static extern int fdatasync(int descriptor);

    [DllImport("libc", SetLastError = true)]
    private static extern nint pwritev2(int descriptor, nint* vector, int count, long offset, int flags);

    [DllImport("libc", SetLastError = true, CharSet = CharSet.Ansi)]
    private static extern int mkdir(string path, int mode);

    [DllImport("libc", SetLastError = true, CharSet = CharSet.Ansi)]
    private static extern int rmdir(string path);
}
