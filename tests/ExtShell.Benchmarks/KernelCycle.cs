using System.Diagnostics;
using ExtShell.Engine.Devices;

namespace ExtShell.Benchmarks;

/// <summary>What people do today with a crash state: an image on tmpfs, the kernel through a loop device, e2fsck.</summary>
internal sealed class KernelCycle : IDisposable
{
    private readonly string _folder = Directory.CreateDirectory(Path.Combine("/dev/shm", $"extshell-{Environment.ProcessId}")).FullName;

    private readonly byte[] _part = new byte[1 << 16];

    private string Image => Path.Combine(_folder, "disk.img");

    private string MountPoint => Directory.CreateDirectory(Path.Combine(_folder, "mnt")).FullName;

    public void MountUnmountAndCheck(IStorage state)
    {
        Copy(state);
        string loop = Run("losetup", "-f", "--show", Image).Trim();
        try
        {
            Run("mount", "-t", "ext4", loop, MountPoint);
            Run("umount", MountPoint);
        }
        finally
        {
            Run("losetup", "-d", loop);
        }

        Run("e2fsck", "-fn", Image);
    }

    public void Repair(IStorage state)
    {
        Copy(state);
        Run("e2fsck", "-fy", Image);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void Copy(IStorage state)
    {
        using var stream = new FileStream(Image, FileMode.Create, FileAccess.Write);
        stream.SetLength(state.LengthBytes);
        for (long at = 0; at < state.LengthBytes; at += _part.Length)
        {
            Span<byte> part = _part.AsSpan(0, (int)Math.Min(_part.Length, state.LengthBytes - at));
            state.Read(at, part);
            if (!part.ContainsAnyExcept((byte)0))
                continue;
            stream.Position = at;
            stream.Write(part);
        }
    }

    private static string Run(string tool, params string[] arguments)
    {
        using Process process = Process.Start(
            new ProcessStartInfo(tool, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        string output = process.StandardOutput.ReadToEnd();
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return output;
    }
}
