using ExtShell.Check;
using ExtShell.Engine.IO;
using ExtShell.Engine.Volumes;
using ExtShell.Engine.Volumes.Making;
using ExtShell.Format.Errors;
using ExtShell.Lab.Crash;
using ExtShell.Lab.Verbs;
using ExtShell.TestTools;

namespace ExtShell.Lab.Tests.Verbs;

public sealed class LaboratoryTests : IDisposable
{
    private readonly TemporaryFolder _folder = TemporaryFolder.InMemory();

    [Fact]
    public void AVolumeInMemoryIsMountedWithItsLogRunning()
    {
        Volume volume = VerbVolumes.InMemory();
        Assert.True(volume.IsMounted);
        Assert.Equal(0, volume.WriteLog.Position);
        volume.Create("/log").WriteDirect(0, VerbVolumes.Fill('A', 4096), SyncKind.Sync);
        Assert.True(volume.WriteLog.Position > 0);
        Assert.NotEmpty(volume.History.Calls);
    }

    [Fact]
    public void AVolumeInAFileIsThereWhenItIsOpenedAgain()
    {
        string path = _folder.File("a.img");
        Volume volume = Laboratory.NewVolume(path, VerbVolumes.Small);
        volume.Create("/log").WriteDirect(0, VerbVolumes.Fill('A', 4096));
        volume.Close();
        Assert.True(Laboratory.CheckImage(path).IsClean);
        Volume again = Laboratory.OpenVolume(path);
        Assert.Equal(VerbVolumes.Fill('A', 4096), again.Open("/log").ReadDirect(0, 4096));
        again.Close();
        Assert.Empty(OpenFilesOf(path));
    }

    [Fact]
    public void AnImageIsMountedOnceAtATimeAndIsFreeWhenItIsUnmounted()
    {
        string path = _folder.File("once.img");
        Volume volume = Laboratory.NewVolume(path, VerbVolumes.Small);
        Assert.Equal(Errno.EBUSY, Assert.Throws<FileSystemException>(() => Laboratory.OpenVolume(path)).Errno);
        Assert.Equal(Errno.EBUSY, Assert.Throws<FileSystemException>(() => Laboratory.NewVolume(path, VerbVolumes.Small)).Errno);
        volume.Unmount();
        Laboratory.OpenVolume(path).Close();
        volume.Close();
    }

    [Theory]
    [InlineData(null)]
    [InlineData(0L)]
    [InlineData(-4096L)]
    public void AVolumeWithoutASizeIsRefused(long? sizeBytes) =>
        Assert.Equal(Errno.EINVAL,
            Assert.Throws<FileSystemException>(() => Laboratory.NewVolume(null, new VolumeMakeOptions { SizeBytes = sizeBytes })).Errno);

    [Fact]
    public void AVolumeThatCannotBeMadeLeavesNoOpenFile()
    {
        string path = _folder.File("small.img");
        Assert.Equal(Errno.EINVAL,
            Assert.Throws<FileSystemException>(() => Laboratory.NewVolume(path, new VolumeMakeOptions { SizeBytes = 4096 })).Errno);
        Assert.Empty(OpenFilesOf(path));
    }

    [Fact]
    public void AMissingImageIsENOENT() =>
        Assert.Equal(Errno.ENOENT, Assert.Throws<FileSystemException>(() => Laboratory.OpenVolume(_folder.File("none.img"))).Errno);

    [Fact]
    public void AFolderIsEISDIR() =>
        Assert.Equal(Errno.EISDIR, Assert.Throws<FileSystemException>(() => Laboratory.OpenVolume(_folder.Path)).Errno);

    [Fact]
    public void AnEmptyFileIsEINVAL()
    {
        File.WriteAllBytes(_folder.File("empty.img"), []);
        Assert.Equal(Errno.EINVAL, Assert.Throws<FileSystemException>(() => Laboratory.OpenVolume(_folder.File("empty.img"))).Errno);
        Assert.Empty(OpenFilesOf(_folder.File("empty.img")));
    }

    [Theory]
    [InlineData(100)]
    [InlineData(1024)]
    [InlineData(2048)]
    [InlineData(1 << 20)]
    public void GarbageIsATypedErrorStaysAsItIsAndIsClosed(int lengthBytes)
    {
        string path = _folder.File("garbage.img");
        byte[] garbage = VerbVolumes.Fill('x', lengthBytes);
        File.WriteAllBytes(path, garbage);
        Exception failure = Assert.ThrowsAny<Exception>(() => Laboratory.OpenVolume(path));
        Assert.True(failure is CorruptionException or FileSystemException, failure.ToString());
        Assert.Empty(OpenFilesOf(path));
        Assert.Equal(garbage, File.ReadAllBytes(path));
    }

    [Fact]
    public void ACrashStateMountsAndStaysAsItIs()
    {
        Volume volume = VerbVolumes.InMemory();
        volume.Create("/log").WriteDirect(0, VerbVolumes.Fill('A', 4096), SyncKind.Sync);
        CrashState state = volume.Crash().Oldest();
        Volume crashed = Laboratory.MountCrashState(state);
        Assert.NotNull(crashed.Recovery);
        crashed.Unlink("/log");
        crashed.Unmount();
        Assert.True(Laboratory.MountCrashState(state).Exists("/log"));
        CheckReport report = Laboratory.CheckCrashState(state);
        Assert.True(report.IsClean, report.ToString());
    }

    public void Dispose() => _folder.Dispose();

    private static IEnumerable<string> OpenFilesOf(string path) => OperatingSystem.IsLinux()
        ? Directory.EnumerateFiles("/proc/self/fd").Select(link => new FileInfo(link).LinkTarget ?? "").Where(target => target == path)
            .Concat(File.ReadLines("/proc/self/maps").Where(line => line.EndsWith(path, StringComparison.Ordinal)))
        : [];
}
