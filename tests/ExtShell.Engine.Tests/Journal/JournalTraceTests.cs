using ExtShell.Engine.Devices;
using ExtShell.Engine.Journal;

namespace ExtShell.Engine.Tests.Journal;

/// <summary>What goes to the device, and in which order: measured from the kernel's block trace of the same steps.</summary>
public sealed class JournalTraceTests
{
    [Fact]
    public void TheFirstCommitNamesTheTailAndTheNextOnesDoNot()
    {
        RawVolume volume = RawVolume.Make(64);
        WriteLog log = volume.Disk.StartLog();
        volume.Commit((volume.Homes.First(), RawVolume.Filled(1)));
        Assert.Equal(["W superblock", "W 1+2", "F", "W 3+1", "F"], Trace(volume, log, 0));
        int mark = log.Bios.Count;
        volume.Commit((volume.Homes.First(), RawVolume.Filled(2)), (volume.Homes.Last(), RawVolume.Filled(3)));
        Assert.Equal(["W 4+3", "F", "W 7+1", "F"], Trace(volume, log, mark));
    }

    [Fact]
    public void WithFuaTheRecordNeedsNoFlushBehindIt()
    {
        RawVolume volume = RawVolume.Make(64, traits: new DeviceTraits(true, HasFua: true));
        volume.Commit((volume.Homes.First(), RawVolume.Filled(1)));
        WriteLog log = volume.Disk.StartLog();
        volume.Commit((volume.Homes.First(), RawVolume.Filled(2)));
        Assert.Equal(["W 4+2", "F", "W! 6+1"], Trace(volume, log, 0));
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public void WithoutBarriersOrCacheNothingIsFlushed(bool hasCache, bool sendsBarriers)
    {
        RawVolume volume = RawVolume.Make(
            64, options: new JournalOptions { SendsBarriers = sendsBarriers }, traits: new DeviceTraits(hasCache, HasFua: true));
        volume.Commit((volume.Homes.First(), RawVolume.Filled(1)));
        WriteLog log = volume.Disk.StartLog();
        volume.Commit((volume.Homes.First(), RawVolume.Filled(2)));
        Assert.Equal(["W 4+2", "W 6+1"], Trace(volume, log, 0));
    }

    [Fact]
    public void BlocksThatAreNoNeighboursOnTheVolumeGoOutApart()
    {
        RawVolume volume = RawVolume.Make(64); // the journal's blocks 0 to 20 are a run of their own
        for (int i = 0; i < 6; i++)
            volume.Commit((volume.Homes.First(), RawVolume.Filled(1)));
        WriteLog log = volume.Disk.StartLog();
        volume.Commit((volume.Homes.First(), RawVolume.Filled(1)), (volume.Homes.Last(), RawVolume.Filled(1)), (volume.Homes.ElementAt(1),
            RawVolume.Filled(1)));
        Assert.Equal(["W 19+2", "W 21+2", "F", "W 23+1", "F"], Trace(volume, log, 0)[..5]); // then the tail moves
    }

    [Fact]
    public void CloseMovesTheTailAsUnmountDoes()
    {
        RawVolume volume = RawVolume.Make(64);
        volume.Commit((volume.Homes.First(), RawVolume.Filled(1)));
        volume.Commit((volume.Homes.First(), RawVolume.Filled(2)));
        WriteLog log = volume.Disk.StartLog();
        volume.Machine.Run(volume.Cache.WriteBackAsync);
        volume.Machine.Run(volume.Journal.CloseAsync);
        string home = $"W home {volume.Homes.First()}";
        Assert.Equal([home, "F", "W superblock", "F", "F", "W superblock", "F", "F", "W superblock", "F"], Trace(volume, log, 0));
        Assert.Equal(RecoveryOutcome.NotNeeded, JournalRecovery.Replay(new StorageSource(volume.Disk.Storage), volume.Geometry).Outcome);
    }

    [Fact]
    public void AMountThatCommitsNothingWritesNothing()
    {
        RawVolume volume = RawVolume.Make(64);
        WriteLog log = volume.Disk.StartLog();
        volume.Machine.Run(volume.Journal.CloseAsync);
        Assert.Empty(log.Bios);
    }

    [Fact]
    public void TheTailMovesOnlyOnceAQuarterOfTheLogWouldBeFree()
    {
        RawVolume volume = RawVolume.Make(64); // 63 blocks of log, 15 a quarter
        volume.Commit((volume.Homes.First(), RawVolume.Filled(0)));
        WriteLog log = volume.Disk.StartLog();
        int commits = 0;
        while (!log.Bios.Any(bio => Name(volume, bio) == "W superblock"))
        {
            volume.Machine.Run(volume.Cache.WriteBackAsync);
            volume.Commit((volume.Homes.First(), RawVolume.Filled((byte)commits++)));
        }

        Assert.Equal(6, commits); // three blocks each; the block's copy before the last is needed until the last is durable
        Assert.Equal(["F", "W 21+1", "F", "W superblock", "F"], Trace(volume, log, log.Bios.Count - 5));
    }

    private static string[] Trace(RawVolume volume, WriteLog log, int from) => [.. log.Bios.Skip(from).Select(bio => Name(volume, bio))];

    private static string Name(RawVolume volume, LoggedBio bio)
    {
        if (bio.Operation == BioOperation.Flush)
            return "F";
        long physical = bio.OffsetBytes / RawVolume.BlockSizeBytes;
        if (!volume.Geometry.Contains(physical))
            return $"W home {physical}";
        uint block = (uint)Enumerable.Range(0, (int)volume.Geometry.LengthBlocks)
            .First(one => volume.Geometry.PhysicalBlock((uint)one) == physical);
        return block == 0 ? "W superblock" : $"W{(bio.IsFua ? "!" : "")} {block}+{bio.LengthBytes / RawVolume.BlockSizeBytes}";
    }
}
