namespace ExtShell.Conformance.Tests.Kernel;

/// <summary>
/// A small thing to do on a mounted volume, whose writes and flushes are worth comparing. Later ones use the files of earlier ones.
/// </summary>
/// <param name="Name">What it is called.</param>
/// <param name="Run">Does it on a mounted volume.</param>
internal sealed record KernelWorkload(string Name, Action<LoopMount> Run)
{
    public const string Append = "4 appends, O_DIRECT and O_SYNC";
    public const string Preallocated = "fallocate, fsync, 4 AIO writes, fdatasync";
    public const string Overwrite = "2 overwrites (fdatasync; O_DSYNC)";
    public const string Create = "create, write 16 KiB, fsync";
    public const string Rename = "create, fsync, rename, fsync of the directory";
    public const string Truncate = "truncate, fsync";
    public const string Unlink = "unlink, sync";

    /// <summary>The workloads, in the order in which they run on one volume.</summary>
    public static IReadOnlyList<KernelWorkload> All { get; } =
    [
        new(Append, mount =>
        {
            using var file = new AlignedFile(mount.Path("append"), LinuxCalls.OpenCreate | LinuxCalls.OpenDirect | LinuxCalls.OpenSync);
            for (int i = 0; i < 4; i++)
                file.Write(4096L * i, Content(1 + i, 4096));
        }),
        new(Preallocated, mount =>
        {
            using var file = new AlignedFile(mount.Path("preallocated"), LinuxCalls.OpenCreate | LinuxCalls.OpenDirect);
            file.Fallocate(0, 65536);
            file.Fsync();
            file.WriteAsynchronously(
                (49152, Content(10, 4096)), (32768, Content(11, 4096)), (16384, Content(12, 4096)), (0, Content(13, 4096)));
            file.Fdatasync();
        }),
        new(Overwrite, mount =>
        {
            using (var file = new AlignedFile(mount.Path("preallocated"), LinuxCalls.OpenDirect))
            {
                file.Write(0, Content(20, 4096));
                file.Fdatasync();
            }

            using var synchronous = new AlignedFile(mount.Path("preallocated"), LinuxCalls.OpenDirect | LinuxCalls.OpenDataSync);
            synchronous.Write(0, Content(21, 4096));
        }),
        new(Create, mount =>
        {
            using var file = new AlignedFile(mount.Path("buffered"), LinuxCalls.OpenCreate);
            file.Write(0, Content(30, 16384));
            file.Fsync();
        }),
        new(Rename, mount =>
        {
            using (var file = new AlignedFile(mount.Path("temporary"), LinuxCalls.OpenCreate))
            {
                file.Write(0, Content(40, 4096));
                file.Fsync();
            }

            File.Move(mount.Path("temporary"), mount.Path("final"));
            int folder = LinuxCalls.Open(mount.Folder, 0);
            LinuxCalls.Fsync(folder);
            LinuxCalls.Close(folder);
        }),
        new(Truncate, mount =>
        {
            using var file = new AlignedFile(mount.Path("buffered"));
            file.Truncate(100);
            file.Fsync();
        }),
        new(Unlink, mount =>
        {
            File.Delete(mount.Path("append"));
            mount.Sync();
        }),
    ];

    /// <summary>Bytes that say which write they are: sixteen to a record.</summary>
    public static byte[] Content(int write, int lengthBytes)
    {
        var bytes = new byte[lengthBytes];
        for (int offset = 0; offset < lengthBytes; offset += 16)
            System.Text.Encoding.ASCII.GetBytes($"write {write:D4} {offset / 16:D4}\n", bytes.AsSpan(offset));
        return bytes;
    }
}
