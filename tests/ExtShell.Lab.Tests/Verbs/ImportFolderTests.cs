using ExtShell.Engine.Volumes;
using ExtShell.Format.Errors;
using ExtShell.Format.OnDisk;
using ExtShell.Lab.Verbs;
using ExtShell.TestTools;

namespace ExtShell.Lab.Tests.Verbs;

public sealed class ImportFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = TemporaryFolder.InMemory();

    [Fact]
    public void LinksTimesAndPermissionsComeAlong()
    {
        if (OperatingSystem.IsWindows())
            return;
        string program = Make("bin/program", "run");
        File.SetUnixFileMode(program, (UnixFileMode)0x9ED);
        File.SetLastWriteTimeUtc(program, DateTime.UnixEpoch.AddTicks(10_000_000_001_234_567));
        File.CreateSymbolicLink(Path.Combine(_folder.Path, "sh"), "bin/program");
        File.CreateSymbolicLink(Path.Combine(_folder.Path, "dangling"), "/none");
        Directory.SetLastWriteTimeUtc(Path.GetDirectoryName(program)!, DateTime.UnixEpoch.AddSeconds(77));

        Volume volume = VerbVolumes.InMemory();
        Assert.Equal(3, volume.ImportFolder(_folder.Path));

        InodeStatus status = volume.Stat("/bin/program");
        Assert.Equal((InodeMode)0x9ED, status.Mode & InodeMode.PermissionMask);
        Assert.Equal(1_000_000_000_123_456_700, status.ModifiedUnixNanoseconds);
        Assert.Equal((0u, 0u), (status.Owner, status.Group));
        Assert.Equal(77_000_000_000, volume.Stat("/bin").ModifiedUnixNanoseconds);
        Assert.Equal("bin/program", volume.ReadLink("/sh"));
        Assert.Equal("/none", volume.ReadLink("/dangling"));
        Assert.True(volume.Check().IsClean);
    }

    [Fact]
    public void WhatIsThereIsReplacedAndNoLinkOfTheVolumeIsWrittenThrough()
    {
        if (OperatingSystem.IsWindows())
            return;
        Make("file", "new");
        Make("linked", "new");
        File.CreateSymbolicLink(Path.Combine(_folder.Path, "link"), "file");
        Volume volume = VerbVolumes.InMemory();
        volume.Create("/victim").WriteBuffered(0, "old"u8.ToArray());
        volume.Create("/file").WriteBuffered(0, new byte[9000]);
        volume.Create("/link").WriteBuffered(0, new byte[9000]);
        volume.Symlink("/victim", "/linked");
        volume.ImportFolder(_folder.Path);
        Assert.Equal("file", volume.ReadLink("/link"));
        Assert.Equal([3L, 3L, 3L], new[] { "/file", "/linked", "/link" }.Select(path => volume.Stat(path).SizeBytes));
        Assert.Equal("old"u8.ToArray(), volume.Open("/victim", OpenOptions.ReadOnly).ReadBuffered(0, 3));
        volume.ImportFolder(_folder.Path);
        Assert.True(volume.Check().IsClean);
    }

    [Fact]
    public void AFileInThePlaceOfADirectoryIsAnError()
    {
        Make("d/file", "new");
        Volume volume = VerbVolumes.InMemory();
        volume.Create("/d").Close();
        Assert.Equal(Errno.ENOTDIR, Assert.Throws<FileSystemException>(() => volume.ImportFolder(_folder.Path)).Errno);
    }

    [Fact]
    public void EachPathIsToldBeforeItIsCopied()
    {
        Make("a", "1");
        Make("b/c", "2");
        var told = new List<string>();
        Volume volume = VerbVolumes.InMemory();
        volume.ImportFolder(_folder.Path, "/x", told.Add);
        Assert.Equal(["/x/a", "/x/b", "/x/b/c"], told);
        Assert.Throws<OperationCanceledException>(() => volume.ImportFolder(_folder.Path, "/y", path =>
        {
            if (path == "/y/b")
                throw new OperationCanceledException();
        }));
        Assert.True(volume.Exists("/y/a"));
        Assert.False(volume.Exists("/y/b"));
    }

    public void Dispose() => _folder.Dispose();

    private string Make(string path, string text)
    {
        string full = Path.Combine(_folder.Path, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
        return full;
    }
}
