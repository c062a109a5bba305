using System.Runtime.InteropServices;
using System.Text;
using ExtShell.Conformance.Tests.Kernel;
using ExtShell.Engine.Inodes;
using ExtShell.Format.OnDisk;

namespace ExtShell.Conformance.Tests.KernelCalls;

internal sealed unsafe partial class KernelCaller
{
    private const int AtWorkingDirectory = -100;
    private const int AtSymlinkNoFollow = 0x100;
    private const int NonBlocking = 0x800;
    private const long UtimeNow = 0x3FFFFFFF;
    private const long UtimeOmit = 0x3FFFFFFE;
    private const ulong GetFlags = 0x80086601;
    private const ulong SetFlags = 0x40086602;

    private string MakeOnAttributes(VolumeCall call) => call.Kind switch
    {
        CallKind.Chmod => Ended(chmod(Path(call.Path), (uint)call.Permissions)),
        CallKind.Chown =>
            Ended(fchownat(AtWorkingDirectory, Path(call.Path), call.Owner ?? uint.MaxValue, call.Group ?? uint.MaxValue, Follow(call))),
        CallKind.Utimes => Utimes(call),
        CallKind.Chattr => Chattr(call),
        CallKind.Symlink => Ended(symlink(call.Target, Path(call.Path))),
        CallKind.Mknod => Ended(mknod(Path(call.Path), (uint)call.Permissions, Device(call.Device))),
        CallKind.ReadLink => ReadLink(call),
        CallKind.SetXattr => SetXattr(call),
        CallKind.RemoveXattr =>
            Ended(call.FollowsLink ? removexattr(Path(call.Path), call.Attribute) : lremovexattr(Path(call.Path), call.Attribute)),
        CallKind.GetXattr => GetXattr(call),
        CallKind.ListXattr => ListXattr(call),
        _ => StatAll(call),
    };

    private static int Follow(VolumeCall call) => call.FollowsLink ? 0 : AtSymlinkNoFollow;

    private static ulong Device(DeviceNumber device) =>
        ((device.Major & 0xFFFul) << 8) | (device.Minor & 0xFFul) | ((device.Minor & 0xFFF00ul) << 12);

    private string Utimes(VolumeCall call)
    {
        long* times = stackalloc long[4];
        (times[0], times[1]) = Timespec(call.Accessed);
        (times[2], times[3]) = Timespec(call.Modified);
        int result = utimensat(AtWorkingDirectory, Path(call.Path), times, Follow(call));
        if (result < 0)
            return Ended(result);
        KernelStatus? status = KernelStatus.Of(Path(call.Path), call.FollowsLink);
        if (status is not { } seen)
            return Ended(-1);
        string accessed = call.Accessed.UnixNanoseconds is null ? "" : EngineCaller.Timestamp(seen.AccessedNanoseconds);
        return $"{accessed} {(call.Modified.UnixNanoseconds is null ? "" : EngineCaller.Timestamp(seen.ModifiedNanoseconds))}";
    }

    private static (long Seconds, long Nanoseconds) Timespec(NewTime time)
    {
        if (time.UnixNanoseconds is not { } given)
            return (0, time.IsNow ? UtimeNow : UtimeOmit);
        long seconds = Math.DivRem(given, 1_000_000_000, out long rest);
        return rest < 0 ? (seconds - 1, rest + 1_000_000_000) : (seconds, rest);
    }

    private string Chattr(VolumeCall call)
    {
        int descriptor = open(Path(call.Path), NonBlocking | CloseOnExec, 0);
        if (descriptor < 0)
            return Ended(descriptor);
        int flags = 0;
        int result = ioctl(descriptor, (nuint)GetFlags, &flags);
        if (result == 0)
        {
            flags = (int)(((uint)flags | (uint)call.AddedFlags) & ~(uint)call.RemovedFlags);
            result = ioctl(descriptor, (nuint)SetFlags, &flags);
        }

        string ended = result < 0 ? Ended(result) : Ended((int)((uint)flags & (uint)EngineCaller.ComparedFlags));
        close(descriptor);
        return ended;
    }

    private string ReadLink(VolumeCall call)
    {
        byte* into = stackalloc byte[8192];
        nint length = readlink(Path(call.Path), into, 8192);
        return length < 0 ? Ended(length) : Encoding.UTF8.GetString(into, (int)length);
    }

    private string SetXattr(VolumeCall call)
    {
        fixed (byte* value = call.AttributeValue())
        {
            return Ended(call.FollowsLink
                ? setxattr(Path(call.Path), call.Attribute, value, (nuint)call.Length, (int)call.AttributeMode)
                : lsetxattr(Path(call.Path), call.Attribute, value, (nuint)call.Length, (int)call.AttributeMode));
        }
    }

    private string GetXattr(VolumeCall call)
    {
        var into = new byte[65536];
        fixed (byte* bytes = into)
        {
            nint length = call.FollowsLink
                ? getxattr(Path(call.Path), call.Attribute, bytes, 65536)
                : lgetxattr(Path(call.Path), call.Attribute, bytes, 65536);
            return length < 0 ? Ended(length) : EngineCaller.Digest(into.AsSpan(0, (int)length));
        }
    }

    private string ListXattr(VolumeCall call)
    {
        var into = new byte[65536];
        fixed (byte* bytes = into)
        {
            nint length = llistxattr(Path(call.Path), bytes, 65536);
            return length < 0
                ? Ended(length)
                : string.Join(' ', Encoding.UTF8.GetString(into, 0, (int)length).Split('\0', StringSplitOptions.RemoveEmptyEntries));
        }
    }

    private string StatAll(VolumeCall call)
    {
        if (KernelStatus.Of(Path(call.Path), followsLink: false) is not { } status)
            return Ended(-1);
        long size = ((InodeMode)status.Mode & InodeMode.TypeMask) == InodeMode.Directory ? 0 : status.SizeBytes;
        return FormattableString.Invariant($"{status.Mode} {status.Links} {size} {status.Owner}:{status.Group} {status.Device}");
    }

    [DllImport("libc", SetLastError = true, CharSet = CharSet.Ansi)]
    private static extern int chmod(string path, uint mode);

    [DllImport("libc", SetLastError = true, CharSet = CharSet.Ansi)]
    private static extern int fchownat(int directory, string path, uint owner, uint group, int flags);

    [DllImport("libc", SetLastError = true, CharSet = CharSet.Ansi)]
    private static extern int utimensat(int directory, string path, long* times, int flags);

    [DllImport("libc", SetLastError = true)]
    private static extern int ioctl(int descriptor, nuint request, int* flags);

    [DllImport("libc", SetLastError = true, CharSet = CharSet.Ansi)]
    private static extern int symlink(string target, string path);

    [DllImport("libc", SetLastError = true, CharSet = CharSet.Ansi)]
    private static extern int mknod(string path, uint mode, ulong device);

    [DllImport("libc", SetLastError = true, CharSet = CharSet.Ansi)]
    private static extern nint readlink(string path, byte* into, nuint length);

    [DllImport("libc", SetLastError = true, CharSet = CharSet.Ansi)]
    private static extern int setxattr(string path, string name, byte* value, nuint length, int flags);

    [DllImport("libc", SetLastError = true, CharSet = CharSet.Ansi)]
    private static extern int lsetxattr(string path, string name, byte* value, nuint length, int flags);

    [DllImport("libc", SetLastError = true, CharSet = CharSet.Ansi)]
    private static extern int removexattr(string path, string name);

    [DllImport("libc", SetLastError = true, CharSet = CharSet.Ansi)]
    private static extern int lremovexattr(string path, string name);

    [DllImport("libc", SetLastError = true, CharSet = CharSet.Ansi)]
    private static extern nint getxattr(string path, string name, byte* into, nuint length);

    [DllImport("libc", SetLastError = true, CharSet = CharSet.Ansi)]
    private static extern nint lgetxattr(string path, string name, byte* into, nuint length);

    [DllImport("libc", SetLastError = true, CharSet = CharSet.Ansi)]
    private static extern nint llistxattr(string path, byte* into, nuint length);
}
