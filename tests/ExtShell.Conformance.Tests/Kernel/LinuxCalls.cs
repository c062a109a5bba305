using System.Runtime.InteropServices;

namespace ExtShell.Conformance.Tests.Kernel;

/// <summary>The system calls that .NET has no method for. Each one throws <see cref="IOException"/> with the errno.</summary>
internal static unsafe class LinuxCalls
{
    public const int OpenReadWrite = 0x2;
    public const int OpenCreate = 0x40;
    public const int OpenDataSync = 0x1000;
    public const int OpenCloseOnExec = 0x80000;
    public const int OpenSync = 0x101000;
    public const ulong FiemapRequest = 0xC020660B;

    /// <summary>O_DIRECT; arm64 numbers it differently.</summary>
    public static int OpenDirect => IsArm64 ? 0x10000 : 0x4000;

    private const int AtSymlinkNoFollow = 0x100;
    private const uint StatxBasic = 0x7FF;
    private const int StatxSizeBytes = 256;

    private static bool IsArm64 => RuntimeInformation.ProcessArchitecture == Architecture.Arm64;

    public static int Open(string path, int flags, int mode = 0x1A4) => Checked(open(path, flags | OpenCloseOnExec, mode), $"open {path}");

    public static void Close(int descriptor) => Checked(close(descriptor), "close");

    public static long Read(int descriptor, byte* into, long length) => read(descriptor, into, (nuint)length);

    public static long Write(int descriptor, byte* from, long length) => write(descriptor, from, (nuint)length);

    public static void PositionedWrite(int descriptor, byte* from, long length, long offset)
    {
        long written = Checked(pwrite(descriptor, from, (nuint)length, offset), "pwrite");
        if (written != length)
            throw new IOException($"pwrite wrote {written} of {length} bytes");
    }

    public static void Fallocate(int descriptor, int mode, long offset, long length) =>
        Checked(fallocate(descriptor, mode, offset, length), "fallocate");

    public static void Truncate(int descriptor, long length) => Checked(ftruncate(descriptor, length), "ftruncate");

    public static void Fsync(int descriptor) => Checked(fsync(descriptor), "fsync");

    public static void Fdatasync(int descriptor) => Checked(fdatasync(descriptor), "fdatasync");

    public static void SyncFileSystem(string path)
    {
        int descriptor = Open(path, 0);
        try
        {
            Checked(syncfs(descriptor), $"syncfs {path}");
        }
        finally
        {
            Close(descriptor);
        }
    }

    public static void ChangeMode(string path, int mode) => Checked(chmod(path, mode), $"chmod {path}");

    public static void Mount(string source, string target, string type, string options) =>
        Checked(mount(source, target, type, 0, options), $"mount {target}");

    public static void Unmount(string target, bool detach) => Checked(umount2(target, detach ? 2 : 0), $"umount {target}");

    public static void Ioctl(int descriptor, ulong request, byte* argument, string what) =>
        Checked(ioctl(descriptor, (nuint)request, argument), what);

    /// <summary>Mode, links, size and inode of what the path names; symbolic links are not followed.</summary>
    public static (int Mode, int Links, long SizeBytes, ulong Inode) Stat(string path)
    {
        byte* buffer = stackalloc byte[StatxSizeBytes];
        Checked(statx(-100, path, AtSymlinkNoFollow, StatxBasic, buffer), $"statx {path}");
        return (*(ushort*)(buffer + 0x1C), (int)*(uint*)(buffer + 0x10), *(long*)(buffer + 0x28), *(ulong*)(buffer + 0x20));
    }

    /// <summary>The extended attributes of what the path names, by name.</summary>
    public static SortedDictionary<string, byte[]> Attributes(string path)
    {
        var attributes = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        var names = new byte[65536];
        fixed (byte* into = names)
        {
            int length = (int)Checked(llistxattr(path, into, (nuint)names.Length), $"llistxattr {path}");
            foreach (string name in System.Text.Encoding.UTF8.GetString(names, 0, length)
                .Split('\0', StringSplitOptions.RemoveEmptyEntries))
            {
                var value = new byte[65536];
                fixed (byte* valueInto = value)
                    attributes.Add(
                        name, value[..(int)Checked(lgetxattr(path, name, valueInto, (nuint)value.Length), $"lgetxattr {path} {name}")]);
            }
        }

        return attributes;
    }

    public static void SetAttribute(string path, string name, ReadOnlySpan<byte> value)
    {
        fixed (byte* from = value)
            Checked(lsetxattr(path, name, from, (nuint)value.Length, 0), $"lsetxattr {path} {name}");
    }

    public static nuint AioSetup(int events)
    {
        nuint context = 0;
        Checked(syscall(IsArm64 ? 0 : 206, (nuint)events, (nuint)(&context), 0, 0, 0), "io_setup");
        return context;
    }

    public static void AioDestroy(nuint context) => Checked(syscall(IsArm64 ? 1 : 207, context, 0, 0, 0, 0), "io_destroy");

    public static int AioSubmit(nuint context, byte** controlBlocks, int count) =>
        (int)Checked(syscall(IsArm64 ? 2 : 209, context, (nuint)count, (nuint)controlBlocks, 0, 0), "io_submit");

    /// <summary>Submits one control block; answers 0 or the errno.</summary>
    public static int TrySubmit(nuint context, byte* controlBlock) =>
        syscall(IsArm64 ? 2 : 209, context, 1, (nuint)(&controlBlock), 0, 0) == 1 ? 0 : LastError;

    public static int AioWait(nuint context, int count, byte* events) =>
        (int)Checked(syscall(IsArm64 ? 4 : 208, context, (nuint)count, (nuint)count, (nuint)events, 0), "io_getevents");

    public static int LastError => Marshal.GetLastPInvokeError();

    private static long Checked(long result, string what) => result >= 0
        ? result
        : throw new IOException($"{what}: {Marshal.GetPInvokeErrorMessage(LastError)} ({LastError})");

    private static int Checked(int result, string what) => (int)Checked((long)result, what);

    [DllImport("libc", SetLastError = true, CharSet = CharSet.Ansi)]
    private static extern int open(string path, int flags, int mode);

    [DllImport("libc", SetLastError = true)]
    private static extern int close(int descriptor);

    [DllImport("libc", SetLastError = true)]
    private static extern nint read(int descriptor, byte* into, nuint length);

    [DllImport("libc", SetLastError = true)]
    private static extern nint write(int descriptor, byte* from, nuint length);

    [DllImport("libc", SetLastError = true)]
    private static extern nint pwrite(int descriptor, byte* from, nuint length, long offset);

    [DllImport("libc", SetLastError = true)]
    private static extern int fallocate(int descriptor, int mode, long offset, long length);

    [DllImport("libc", SetLastError = true)]
    private static extern int ftruncate(int descriptor, long length);

    [DllImport("libc", SetLastError = true)]
    private static extern int fsync(int descriptor);

    [DllImport("libc", SetLastError = true)]
    private static extern int fdatasync(int descriptor);

    [DllImport("libc", SetLastError = true, CharSet = CharSet.Ansi)]
    private static extern int chmod(string path, int mode);

    [DllImport("libc", SetLastError = true)]
    private static extern int syncfs(int descriptor);

    [DllImport("libc", SetLastError = true, CharSet = CharSet.Ansi)]
    private static extern int mount(string source, string target, string type, nuint flags, string data);

    [DllImport("libc", SetLastError = true, CharSet = CharSet.Ansi)]
    private static extern int umount2(string target, int flags);

    [DllImport("libc", SetLastError = true)]
    private static extern int ioctl(int descriptor, nuint request, byte* argument);

    [DllImport("libc", SetLastError = true, CharSet = CharSet.Ansi)]
    private static extern int statx(int directory, string path, int flags, uint mask, byte* into);

    [DllImport("libc", SetLastError = true, CharSet = CharSet.Ansi)]
    private static extern nint llistxattr(string path, byte* into, nuint length);

    [DllImport("libc", SetLastError = true, CharSet = CharSet.Ansi)]
    private static extern nint lgetxattr(string path, string name, byte* into, nuint length);

    [DllImport("libc", SetLastError = true, CharSet = CharSet.Ansi)]
    private static extern int lsetxattr(string path, string name, byte* value, nuint length, int flags);

    [DllImport("libc", SetLastError = true)]
    private static extern nint syscall(nint number, nuint first, nuint second, nuint third, nuint fourth, nuint fifth);
}
