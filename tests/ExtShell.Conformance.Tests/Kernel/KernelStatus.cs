using System.Runtime.InteropServices;
using ExtShell.Format.OnDisk;

namespace ExtShell.Conformance.Tests.Kernel;

/// <summary>What statx answers.</summary>
internal readonly record struct KernelStatus(
    int Mode, int Links, uint Owner, uint Group, long SizeBytes, DeviceNumber Device, long AccessedNanoseconds, long ModifiedNanoseconds)
{
    private const int WorkingDirectory = -100;
    private const int NoFollow = 0x100;
    private const uint Basic = 0x7FF;

    /// <summary>Asks; null with the errno left behind where it fails.</summary>
    public static unsafe KernelStatus? Of(string path, bool followsLink)
    {
        byte* found = stackalloc byte[256];
        if (statx(WorkingDirectory, path, followsLink ? 0 : NoFollow, Basic, found) < 0)
            return null;
        return new KernelStatus(*(ushort*)(found + 0x1C), (int)*(uint*)(found + 0x10), *(uint*)(found + 0x14), *(uint*)(found + 0x18),
            *(long*)(found + 0x28), new DeviceNumber(*(uint*)(found + 0x80), *(uint*)(found + 0x84)), Time(found + 0x40),
            Time(found + 0x70));
    }

    private static unsafe long Time(byte* from) => unchecked((*(long*)from * 1_000_000_000) + *(uint*)(from + 8));

    [DllImport("libc", SetLastError = true, CharSet = CharSet.Ansi)]
    private static extern unsafe int statx(int directory, string path, int flags, uint mask, byte* into);
}
