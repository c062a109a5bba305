using ExtShell.Engine.Allocation;
using ExtShell.Engine.Caching;
using ExtShell.Engine.Devices;
using ExtShell.Engine.Inodes;
using ExtShell.Engine.Journal;
using ExtShell.Engine.Kernel;
using ExtShell.Format.Checksums;
using ExtShell.Format.Layout;
using ExtShell.Format.Sources;
using ExtShell.TestTools;

namespace ExtShell.Engine.Tests.Inodes;

public sealed class UndecidedReadTests
{
    /// <summary>A device that calls everything undecided and notes what is asked of it.</summary>
    private sealed class WatchedDevice(byte[] image) : IBlockDevice, IByteSource
    {
        public List<(long Offset, int Length)> Reads { get; } = [];

        public long LengthBytes => image.Length;

        public int SectorSizeBytes => 512;

        public DeviceTraits Traits => default;

        public IByteSource Content => this;

        public int PendingCount => 0;

        public ReadOnlySpan<byte> Read(long offsetBytes, int lengthBytes)
        {
            Reads.Add((offsetBytes, lengthBytes));
            return image.AsSpan((int)offsetBytes, lengthBytes);
        }

        public bool IsDecided(long offsetBytes, int lengthBytes) => false;

        public bool TryReadVerified(long offsetBytes, int lengthBytes, in ChecksumRule rule, out ReadOnlySpan<byte> bytes)
        {
            bytes = Read(offsetBytes, lengthBytes);
            return rule.Matches(this);
        }

        public int PendingId(int index) => throw new NotSupportedException();

        public string DescribePending(int index) => throw new NotSupportedException();

        public void Fire(int index) => throw new NotSupportedException();

        public void Submit(Bio bio) => throw new NotSupportedException();

        public bool TryFire(Bio bio) => throw new NotSupportedException();
    }

    [RequiresToolTheory("mkfs.ext4")]
    [InlineData("-b 4096")]
    [InlineData("-b 4096 -O ^metadata_csum")]
    public void Reading_an_inode_decides_nothing_of_its_neighbours(string options)
    {
        var setup = new TestVolume(TestVolume.MakeImage("8M", options.Split(' ')));
        setup.Create("/f");
        setup.Create("/g");
        (uint number, long offset) = setup.With("/f", inode => (inode.Number, inode.ImageOffsetBytes));
        var device = new WatchedDevice(setup.Unmount());
        var machine = new Machine();
        VolumeGeometry geometry = VolumeGeometry.Read(device);
        var buffers = new BufferCache(machine, device, geometry.BlockSizeBytes);
        var inodes = new InodeTable(new VolumeContext(geometry, buffers, new NoJournal(buffers), machine, generationSeed: 1));
        device.Reads.Clear();
        inodes.Get(number);
        Assert.NotEmpty(device.Reads);
        long end = offset + geometry.InodeSizeBytes;
        Assert.All(device.Reads, read => Assert.True(read.Offset >= offset && read.Offset + read.Length <= end));
    }
}
