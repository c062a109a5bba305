using System.Globalization;
using System.Runtime.InteropServices;
using ExtShell.Conformance.Tests.Kernel;
using ExtShell.Engine.IO;
using ExtShell.Engine.Volumes;

namespace ExtShell.Conformance.Tests.KernelCalls;

/// <summary>Makes calls on a mounted volume, and says how they ended: the result, or the errno.</summary>
/// <param name="folder">Where the volume is mounted.</param>
internal sealed unsafe class KernelCaller(string folder) : IDisposable
{
    private const int Alignment = 4096;
    private const int ReadWrite = 2;
    private const int CreateFlag = 0x40;
    private const int ExclusiveFlag = 0x80;
    private const int TruncateFlag = 0x200;
    private const int AppendFlag = 0x400;
    private const int CloseOnExec = 0x80000;
    private const int DefaultMode = 0x1A4;

    /// <summary>Each slot is open twice: through the page cache, and around it.</summary>
    private readonly (int Buffered, int Direct)[] _slots = [.. Enumerable.Repeat((-1, -1), 8)];

    public string Make(VolumeCall call) => call.Kind switch
    {
        CallKind.Open => Open(call),
        CallKind.Close => Close(call.Slot),
        CallKind.Write => Write(call),
        CallKind.Read => Read(call),
        CallKind.Fallocate => Ended(fallocate(_slots[call.Slot].Buffered, ModeOf(call), call.Offset, call.Length)),
        CallKind.Truncate => Ended(ftruncate(_slots[call.Slot].Buffered, call.Length)),
        CallKind.Sync => Ended(fsync(_slots[call.Slot].Buffered)),
        CallKind.Link => Ended(link(Path(call.Path), Path(call.NewPath))),
        CallKind.Unlink => Ended(unlink(Path(call.Path))),
        CallKind.Rename => Ended(rename(Path(call.Path), Path(call.NewPath))),
        CallKind.Mkdir => Ended(mkdir(Path(call.Path), 0x1ED)),
        CallKind.Rmdir => Ended(rmdir(Path(call.Path))),
        _ => Stat(call),
    };

    public void Dispose()
    {
        for (int slot = 0; slot < _slots.Length; slot++)
            Close(slot);
    }

    private string Open(VolumeCall call)
    {
        Close(call.Slot);
        int flags = (call.Options.HasFlag(OpenOptions.ReadOnly) ? 0 : ReadWrite) | CloseOnExec
            | (call.Options.HasFlag(OpenOptions.Append) ? AppendFlag : 0);
        int once = (call.Options.HasFlag(OpenOptions.Create) ? CreateFlag : 0) | (call.Options.HasFlag(OpenOptions.Exclusive) ? ExclusiveFlag : 0)
            | (call.Options.HasFlag(OpenOptions.Truncate) ? TruncateFlag : 0);
        int descriptor = open(Path(call.Path), flags | once, DefaultMode);
        if (descriptor < 0)
            return Ended(descriptor);
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
        string ended = Ended(pwrite(Descriptor(call), memory, (nuint)call.Length, call.Offset));
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

    private static string Ended(nint result) =>
        result >= 0 ? result.ToString(CultureInfo.InvariantCulture) : LinuxCalls.LastError.ToString(CultureInfo.InvariantCulture) + "!";

    /// <summary>A directory cannot be opened around the page cache, so it has one descriptor only.</summary>
    private int Descriptor(VolumeCall call) => call.IsDirect && _slots[call.Slot].Direct >= 0 ? _slots[call.Slot].Direct : _slots[call.Slot].Buffered;

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
    private static extern int fsync(int descriptor);

    [DllImport("libc", SetLastError = true, CharSet = CharSet.Ansi)]
    private static extern int link(string path, string newPath);

    [DllImport("libc", SetLastError = true, CharSet = CharSet.Ansi)]
    private static extern int unlink(string path);

    [DllImport("libc", SetLastError = true, CharSet = CharSet.Ansi)]
    private static extern int rename(string path, string newPath);

    [DllImport("libc", SetLastError = true, CharSet = CharSet.Ansi)]
    private static extern int mkdir(string path, int mode);

    [DllImport("libc", SetLastError = true, CharSet = CharSet.Ansi)]
    private static extern int rmdir(string path);
}
