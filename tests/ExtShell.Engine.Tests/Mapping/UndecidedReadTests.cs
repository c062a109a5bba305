using ExtShell.Engine.Caching;
using ExtShell.Engine.Allocation;
using ExtShell.Engine.Devices;
using ExtShell.Engine.Kernel;
using ExtShell.Engine.Tests.Allocation;
using ExtShell.Engine.Mapping;
using ExtShell.Format.Checksums;
using ExtShell.Format.Layout;
using ExtShell.Format.Sources;

namespace ExtShell.Engine.Tests.Mapping;

/// <summary>On an image that is partly undecided a reader decides what it interprets and nothing more.</summary>
public class UndecidedReadTests
{
    [Theory]
    [InlineData("^has_journal", true)]
    [InlineData("^has_journal,^metadata_csum", false)]
    public void A_lookup_reads_the_nodes_on_its_way_each_as_one_range(string features, bool isSummed)
    {
        var volume = new TestVolume(8L << 20, TestVolume.Small(1024, features));
        var file = new MappedFile(volume);
        for (uint i = 0; i < 300; i++)
            volume.Do(handle => file.Map.Allocate(handle, i * 2, 1, MappingState.Written));
        Assert.Equal(1, file.Map.Depth);
        var nodes = new List<long>();
        file.WalkTree(nodes);
        volume.WriteBack();

        var machine = new Machine();
        var device = new UndecidedDevice(new SimulatedDisk(machine, volume.Storage, new DeviceTraits()));
        VolumeGeometry geometry = VolumeGeometry.Read(device.Content);
        var buffers = new BufferCache(machine, device, geometry.BlockSizeBytes);
        device.Ranges.Clear();
        var context = new VolumeContext(geometry, buffers, new CountingJournal(buffers), machine, 1);
        Assert.Equal(
            Enumerable.Range(0, geometry.GroupCount).Select(group => (geometry.DescriptorOffsetBytes(group), geometry.DescriptorSizeBytes)),
            device.Ranges.Where(range => range.OffsetBytes >= 2048).Distinct().Order());
        Assert.All(device.Ranges.Where(range => range.OffsetBytes < 2048), range => Assert.Equal((1024L, 1024), range));

        device.Ranges.Clear();
        var map = new ExtentMap(context, file);
        BlockMapping found = map.Lookup(4, 10);
        Assert.Equal(MappingState.Written, found.State);
        long node = geometry.BlockOffsetBytes(nodes[0]);
        int entries = isSummed ? 84 : volume.Buffers.Read(node, 4)[2];
        (long, int)[] allowed = isSummed ? [(node, 1024), (node, 12 + (12 * entries))] : [(node, 12), (node, 12 + (12 * entries))];
        Assert.All(device.Ranges, range => Assert.Contains(range, allowed));
        Assert.Equal(isSummed, device.Verified.Contains((node, 1024)));
    }

    private sealed class UndecidedDevice(SimulatedDisk disk) : IBlockDevice, IByteSource
    {
        public List<(long OffsetBytes, int LengthBytes)> Ranges { get; } = [];

        public HashSet<(long OffsetBytes, int LengthBytes)> Verified { get; } = [];

        public long LengthBytes => disk.LengthBytes;

        public int SectorSizeBytes => disk.SectorSizeBytes;

        public DeviceTraits Traits => disk.Traits;

        public IByteSource Content => this;

        public int PendingCount => disk.PendingCount;

        public int PendingId(int index) => disk.PendingId(index);

        public string DescribePending(int index) => disk.DescribePending(index);

        public void Submit(Bio bio) => disk.Submit(bio);

        public bool TryFire(Bio bio) => disk.TryFire(bio);

        public void Fire(int index) => disk.Fire(index);

        public ReadOnlySpan<byte> Read(long offsetBytes, int lengthBytes)
        {
            Ranges.Add((offsetBytes, lengthBytes));
            return disk.Content.Read(offsetBytes, lengthBytes);
        }

        public bool IsDecided(long offsetBytes, int lengthBytes) => false;

        public bool TryReadVerified(long offsetBytes, int lengthBytes, in ChecksumRule rule, out ReadOnlySpan<byte> bytes)
        {
            Ranges.Add((offsetBytes, lengthBytes));
            Verified.Add((offsetBytes, lengthBytes));
            return disk.Content.TryReadVerified(offsetBytes, lengthBytes, rule, out bytes);
        }
    }
}
