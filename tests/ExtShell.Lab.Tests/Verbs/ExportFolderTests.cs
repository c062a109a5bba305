using System.Text;
using ExtShell.Engine.Devices;
using ExtShell.Engine.Inodes;
using ExtShell.Engine.IO;
using ExtShell.Engine.Volumes;
using ExtShell.Format.Errors;
using ExtShell.Format.OnDisk;
using ExtShell.Lab.Verbs;
using ExtShell.TestTools;

namespace ExtShell.Lab.Tests.Verbs;

public sealed class ExportFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = TemporaryFolder.InMemory();

    private string Out => _folder.File("out");

    [Fact]
    public void TheTreeIsCopiedWithHolesUnwrittenRangesAndSizes()
    {
        Volume volume = VerbVolumes.InMemory();
        volume.Mkdir("/a");
        volume.Mkdir("/a/b");
        volume.Mkdir("/empty");
        volume.Create("/a/b/plain").WriteBuffered(0, Encoding.UTF8.GetBytes("hello"));
        FileHandle sparse = volume.Create("/sparse");
        sparse.WriteDirect(3 << 20, VerbVolumes.Fill('S', 4096), SyncKind.None);
        volume.Create("/reserved").Fallocate(0, 8192);

        Assert.Equal(3, volume.ExportFolder(Out));

        Assert.Equal("hello", File.ReadAllText(Path.Combine(Out, "a", "b", "plain")));
        Assert.True(Directory.Exists(Path.Combine(Out, "empty")));
        Assert.Equal([.. new byte[3 << 20], .. VerbVolumes.Fill('S', 4096)], File.ReadAllBytes(Path.Combine(Out, "sparse")));
        Assert.Equal(new byte[8192], File.ReadAllBytes(Path.Combine(Out, "reserved")));
        Assert.Equal([Out], Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Theory]
    [InlineData("../x")]
    [InlineData("/tmp")]
    [InlineData("a\0bc")]
    public void AnEntryThatLeavesTheFolderIsRefusedAndNothingIsWritten(string hostile)
    {
        using Volume volume = WithName(hostile);
        Assert.Throws<CorruptionException>(() => volume.ExportFolder(Out));
        Assert.Equal([Out], Directory.EnumerateFileSystemEntries(_folder.Path));
        Assert.Empty(Directory.EnumerateFiles(Out));
    }

    [Fact]
    public void ASymbolicLinkOfTheHostIsNotWrittenThrough()
    {
        if (OperatingSystem.IsWindows())
            return;
        Volume volume = VerbVolumes.InMemory();
        volume.Create("/log").WriteBuffered(0, Encoding.UTF8.GetBytes("new"));
        Directory.CreateDirectory(Out);
        string victim = _folder.File("victim");
        File.WriteAllText(victim, "old");
        File.CreateSymbolicLink(Path.Combine(Out, "log"), victim);
        Assert.Equal(Errno.EEXIST, Assert.Throws<FileSystemException>(() => volume.ExportFolder(Out)).Errno);
        Assert.Equal("old", File.ReadAllText(victim));
    }

    [Fact]
    public void LinksAreCopiedAsLinksAndNotFollowed()
    {
        if (OperatingSystem.IsWindows())
            return;
        Volume volume = VerbVolumes.InMemory();
        volume.Symlink("/", "/loop");
        volume.Symlink("/none", "/dangling");
        Assert.Equal(2, volume.ExportFolder(Out));
        Assert.Equal("/", new FileInfo(Path.Combine(Out, "loop")).LinkTarget);
        Assert.Equal("/none", new FileInfo(Path.Combine(Out, "dangling")).LinkTarget);
        Assert.Equal(2, volume.ExportFolder(Out));
    }

    [Fact]
    public void TimesAndPermissionsAreCopiedWithoutSetIdBits()
    {
        if (OperatingSystem.IsWindows())
            return;
        Volume volume = VerbVolumes.InMemory();
        volume.Mkdir("/closed");
        volume.Create("/closed/program").Close();
        volume.Chmod("/closed/program", (InodeMode)0xFED);
        volume.Chmod("/closed", (InodeMode)0x1C0);
        volume.SetTimes("/closed/program", NewTime.Keep, NewTime.At(1_000_000_000_123_456_700));
        volume.SetTimes("/closed", NewTime.Keep, NewTime.At(-5_000_000_000));
        volume.ExportFolder(Out);
        var program = new FileInfo(Path.Combine(Out, "closed", "program"));
        Assert.Equal((UnixFileMode)0x1ED, program.UnixFileMode);
        Assert.Equal(DateTime.UnixEpoch.AddTicks(10_000_000_001_234_567), program.LastWriteTimeUtc);
        Assert.Equal((UnixFileMode)0x1C0, program.Directory!.UnixFileMode);
        Assert.Equal(DateTime.UnixEpoch.AddSeconds(-5), program.Directory.LastWriteTimeUtc);
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>
    /// A volume whose root holds an entry of that name: written over the bytes of a name of the same length that is allowed.
    /// </summary>
    private static Volume WithName(string hostile)
    {
        string allowed = new('n', hostile.Length);
        Volume volume = Laboratory.NewVolume(null, VerbVolumes.Small with { Features = "^metadata_csum" });
        volume.Create("/" + allowed).WriteBuffered(0, Encoding.UTF8.GetBytes("hostile"));
        volume.Unmount();
        IStorage storage = ((SimulatedDisk)volume.Device).Storage;
        byte[] name = Encoding.UTF8.GetBytes(allowed);
        long block = -1;
        for (long at = 0; at < storage.LengthBytes && block < 0; at += 4096)
        {
            // The root's block: it begins with ".", inode 2.
            ReadOnlySpan<byte> bytes = storage.Read(at, 4096);
            if (bytes[..8].SequenceEqual(new byte[] { 2, 0, 0, 0, 12, 0, 1, 2 }) && bytes.IndexOf(name) >= 0)
                block = at;
        }

        storage.Write(block + storage.Read(block, 4096).IndexOf(name), Encoding.UTF8.GetBytes(hostile));
        return Laboratory.Mount(storage, MountOptions.Default with { ReadOnly = true });
    }
}
