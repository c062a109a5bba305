using ExtShell.Check;
using ExtShell.Engine.Devices;
using ExtShell.Engine.IO;
using ExtShell.Engine.Kernel;
using ExtShell.Engine.Volumes;
using ExtShell.Engine.Volumes.Making;
using ExtShell.Format.Errors;
using ExtShell.Lab.Crash;
using ExtShell.Lab.Durability;
using ExtShell.Lab.Verbs;

namespace ExtShell.Lab.Tests.Verbs;

public sealed class VolumeVerbsTests
{
    [Fact]
    public void CheckSeesWhatIsOnlyInTheCachesAndLeavesTheVolumeMounted()
    {
        Volume volume = VerbVolumes.InMemory();
        FileHandle log = volume.Create("/log");
        log.WriteBuffered(0, VerbVolumes.Fill('A', 5000));
        CheckReport report = volume.Check();
        Assert.True(report.IsClean, report.ToString());
        Assert.True(volume.IsMounted);
        log.WriteBuffered(5000, VerbVolumes.Fill('B', 10));
        Assert.True(volume.Check().IsClean);
        volume.Unmount();
        Assert.True(volume.Check().IsClean);
    }

    [Fact]
    public void CheckTellsDamage()
    {
        Volume volume = VerbVolumes.InMemory();
        volume.Unmount();
        // The free block count of the first group's descriptor, without its sum following.
        IStorage storage = ((SimulatedDisk)volume.Device).Storage;
        storage.Write(4096 + 12, [0x12, 0x34]);
        CheckReport report = volume.Check();
        Assert.False(report.IsClean);
        Assert.Contains(report.Findings[0].Text, report.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1_000_000)]
    public void ACutThatTheLogDoesNotHaveIsEINVAL(int cut)
    {
        var failure = Assert.Throws<FileSystemException>(() => VerbVolumes.InMemory().Crash(cut));
        Assert.Equal(Errno.EINVAL, failure.Errno);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(513)]
    [InlineData(-512)]
    public void AUnitThatNoDeviceHasIsEINVAL(int unitBytes)
    {
        Assert.Equal(Errno.EINVAL, Assert.Throws<FileSystemException>(() => new DeviceModel(unitBytes)).Errno);
        Assert.Equal(Errno.EINVAL, Assert.Throws<FileSystemException>(() => new DeviceModel() with { AtomicUnitBytes = unitBytes }).Errno);
    }

    [Fact]
    public void TheStatesOfACutAreAFunctionOfLogAndSeed()
    {
        PowerCut first = InFlight().Crash();
        PowerCut second = InFlight().Crash();
        Assert.True(first.States > 1);
        Assert.Equal(first.States, second.States);
        Assert.Equal(first.Oldest().Versions, second.Oldest().Versions);
        Assert.Equal(first.Newest().Versions, second.Newest().Versions);
        Assert.NotEqual(first.Oldest().Versions, first.Newest().Versions);
        for (int seed = 0; seed < 20; seed++)
            Assert.Equal(first.Sample(seed).Versions, second.Sample(seed).Versions);
        Assert.True(Enumerable.Range(0, 20).Select(seed => string.Join(',', first.Sample(seed).Versions)).Distinct().Count() > 1);
    }

    [Fact]
    public void ACrashLeavesTheVolumeAsItIs()
    {
        Volume volume = InFlight();
        int position = volume.WriteLog.Position;
        volume.Crash().Newest().ToStorage().Write(0, new byte[1 << 20]);
        Assert.Equal(position, volume.WriteLog.Position);
        Assert.Equal(VerbVolumes.Fill('B', 4096), volume.Open("/log").ReadDirect(4096, 4096));
        Assert.True(volume.Check().IsClean);
    }

    [Fact]
    public void AVolumeThatTheLaboratoryDidNotMountHasNoLog()
    {
        var machine = new Machine();
        var storage = new PagedMemory(16 << 20);
        VolumeMaker.Make(storage, VerbVolumes.Small);
        using Volume volume = Volume.Mount(machine, new SimulatedDisk(machine, storage, default));
        Assert.Equal(Errno.EINVAL, Assert.Throws<FileSystemException>(() => volume.Crash()).Errno);
        Assert.Equal(Errno.EINVAL, Assert.Throws<FileSystemException>(() => volume.SearchCrashStates()).Errno);
    }

    [Fact]
    public void ASearchOfASoundProtocolIsCleanAndSaysSo()
    {
        CrashReport report = Appended(VerbVolumes.InMemory()).SearchCrashStates();
        Assert.True(report.IsClean, report.ToString());
        Assert.True(report.IsComplete);
        Assert.Equal(report.Summary, report.ToString());
    }

    [Fact]
    public void ADefectIsFoundShrunkAndTold()
    {
        Volume volume = VerbVolumes.InMemory("ExtendAfterSync");
        volume.Mkdir("/bystander");
        Appended(volume);
        volume.Create("/other").WriteBuffered(0, VerbVolumes.Fill('C', 100));
        CrashReport report = volume.SearchCrashStates();
        CrashFinding finding = report.Findings.First(found => found.Violation.Kind == ViolationKind.LostSize);
        Assert.Contains(finding.ToString(), report.ToString(), StringComparison.Ordinal);

        string story = volume.Tell(finding).ToString();
        Assert.Contains("promised:", story, StringComparison.Ordinal);
        Assert.Contains("/log", story, StringComparison.Ordinal);

        ShrinkResult smallest = volume.Shrink(finding, options: new ShrinkOptions { MostRuns = 60 });
        Assert.InRange(smallest.Scenario.OperationCount, 1, volume.History.Calls.Count - 1);
        Assert.Contains(CrashSearch.Explore(smallest.Scenario).Report.Findings, found => found.Violation.Kind == ViolationKind.LostSize);
    }

    private static Volume Appended(Volume volume)
    {
        FileHandle log = volume.Create("/log");
        log.WriteDirect(0, VerbVolumes.Fill('A', 4096), SyncKind.Sync);
        log.WriteDirect(4096, VerbVolumes.Fill('B', 4096), SyncKind.Sync);
        return volume;
    }

    private static Volume InFlight()
    {
        Volume volume = Appended(VerbVolumes.InMemory());
        FileHandle log = volume.Open("/log");
        log.WriteDirect(4096, VerbVolumes.Fill('X', 4096));
        log.WriteDirect(4096, VerbVolumes.Fill('B', 4096));
        log.WriteDirect(0, VerbVolumes.Fill('C', 4096));
        return volume;
    }
}
