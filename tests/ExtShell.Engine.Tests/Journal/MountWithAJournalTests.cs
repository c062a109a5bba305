using System.Runtime.InteropServices;
using ExtShell.Engine.Devices;
using ExtShell.Engine.Kernel;
using ExtShell.Engine.Volumes;
using ExtShell.Engine.Volumes.Making;
using ExtShell.Format.Checksums;
using ExtShell.Format.OnDisk;

namespace ExtShell.Engine.Tests.Journal;

public sealed class MountWithAJournalTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ALogIsReplayedOnlyIfTheVolumeSaysThatItNeedsRecovery(bool saysSo)
    {
        PagedMemory crashed = Crashed();
        if (!saysSo)
            ClearNeedsRecovery(crashed);
        Volume volume = Mount(crashed);
        Assert.Equal(saysSo, volume.Exists("/file"));
        volume.Create("/other").Sync();
        volume.Unmount();
    }

    [Fact]
    public void ATwiceMountedVolumeGoesOnBehindTheHeadOfItsLog()
    {
        PagedMemory storage = Crashed();
        for (int i = 0; i < 5; i++)
        {
            Volume volume = Mount(storage);
            Assert.True(i == 0 || volume.Exists($"/file{i - 1}"));
            volume.Create($"/file{i}").Sync();
            if (i % 2 == 0)
                volume.Unmount();
            storage = storage.Snapshot();
        }
    }

    private static PagedMemory Crashed()
    {
        var storage = new PagedMemory(16 << 20);
        VolumeMaker.Make(storage, new VolumeMakeOptions());
        Mount(storage).Create("/file").Sync();
        return storage.Snapshot();
    }

    private static Volume Mount(PagedMemory storage)
    {
        var machine = new Machine();
        return Volume.Mount(machine, new SimulatedDisk(machine, storage, new DeviceTraits(HasVolatileCache: true)));
    }

    private static void ClearNeedsRecovery(PagedMemory storage)
    {
        byte[] bytes = storage.Read(SuperBlock.OffsetBytes, SuperBlock.SizeBytes).ToArray();
        ref SuperBlock superBlock = ref MemoryMarshal.AsRef<SuperBlock>(bytes.AsSpan());
        superBlock.FeatureIncompat = superBlock.FeatureIncompat.Value & ~(uint)IncompatibleFeatures.NeedsRecovery;
        Ext4Checksums.SuperBlock(0).Store(bytes, 0);
        storage.Write(SuperBlock.OffsetBytes, bytes);
    }
}
