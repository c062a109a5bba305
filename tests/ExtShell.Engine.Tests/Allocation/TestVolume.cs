using ExtShell.Engine.Allocation;
using ExtShell.Engine.Caching;
using ExtShell.Engine.Devices;
using ExtShell.Engine.Journal;
using ExtShell.Engine.Kernel;
using ExtShell.Engine.Volumes.Making;
using ExtShell.Format.Checksums;
using ExtShell.Format.Layout;
using ExtShell.Format.OnDisk;
using ExtShell.Format.Sources;

namespace ExtShell.Engine.Tests.Allocation;

/// <summary>
/// A volume in memory below the floor of inodes, and the judge of its bitmaps and descriptors, which uses nothing of the engine.
/// </summary>
public sealed class TestVolume
{
    public TestVolume(long sizeBytes, VolumeMakeOptions options)
        : this(Make(sizeBytes, options))
    {
    }

    public TestVolume(IStorage storage)
    {
        Storage = storage;
        Machine = new Machine();
        var disk = new SimulatedDisk(Machine, storage, new DeviceTraits());
        Geometry = VolumeGeometry.Read(disk.Content);
        Buffers = new BufferCache(Machine, disk, Geometry.BlockSizeBytes);
        Journal = new CountingJournal(Buffers);
        Context = new VolumeContext(Geometry, Buffers, Journal, Machine, generationSeed: 1);
    }

    public IStorage Storage { get; }

    public Machine Machine { get; }

    public VolumeGeometry Geometry { get; }

    public BufferCache Buffers { get; }

    public CountingJournal Journal { get; }

    public VolumeContext Context { get; }

    public static VolumeMakeOptions Small(int blockSizeBytes = 1024, string features = "^has_journal") =>
        new() { BlockSizeBytes = blockSizeBytes, Features = features, InodeRatioBytes = 65536 };

    public void Do(Action<Handle> work, int credits = 60)
    {
        Handle handle = Journal.Start(credits);
        try
        {
            work(handle);
        }
        finally
        {
            Journal.Stop(handle);
        }
    }

    public T Do<T>(Func<Handle, T> work, int credits = 60)
    {
        T result = default!;
        Do(handle => { result = work(handle); }, credits);
        return result;
    }

    /// <summary>Writes everything to the storage, the superblock's sums included.</summary>
    public void WriteBack()
    {
        Journal.Commit();
        Span<byte> block = Context.SuperBlock.Buffer.GetContentForWriting();
        Context.StoreSummaries(ref Context.SuperBlock.View(block));
        Context.SuperBlock.StoreChecksum(block);
        Context.SuperBlock.Buffer.MarkDirty();
        Machine.Run(() => Buffers.WriteBackAsync());
    }

    /// <summary>The blocks that the bitmaps call taken; a group without a bitmap has what the layout says.</summary>
    public HashSet<long> TakenBlocks()
    {
        var taken = new HashSet<long>();
        for (int group = 0; group < Geometry.GroupCount; group++)
        {
            GroupDescriptor descriptor = Descriptor(group);
            long first = Geometry.GroupFirstBlock(group);
            int blocks = Geometry.BlocksInGroup(group);
            if (HasDescriptorChecksums && (descriptor.GroupFlags & GroupFlags.BlockUninitialized) != 0)
            {
                foreach (long own in OwnBlocks())
                {
                    if (own >= first && own < first + blocks)
                        taken.Add(own);
                }

                continue;
            }

            ReadOnlySpan<byte> bitmap = Buffers.Read(
                Geometry.BlockOffsetBytes(descriptor.BlockBitmap(Geometry.Is64Bit)), Geometry.BlockSizeBytes);
            for (int bit = 0; bit < blocks; bit++)
            {
                if ((bitmap[bit / 8] >> (bit % 8) & 1) != 0)
                    taken.Add(first + bit);
            }
        }

        return taken;
    }

    /// <summary>The volume's own blocks by the descriptors.</summary>
    public HashSet<long> OwnBlocks()
    {
        var own = new HashSet<long>();
        for (int group = 0; group < Geometry.GroupCount; group++)
        {
            GroupDescriptor descriptor = Descriptor(group);
            for (int i = 0; i < Geometry.BaseMetadataBlocksCount(group); i++)
                own.Add(Geometry.GroupFirstBlock(group) + i);
            own.Add(descriptor.BlockBitmap(Geometry.Is64Bit));
            own.Add(descriptor.InodeBitmap(Geometry.Is64Bit));
            for (int i = 0; i < Geometry.InodeTableBlocksCount; i++)
                own.Add(descriptor.InodeTable(Geometry.Is64Bit) + i);
        }

        return own;
    }

    /// <summary>Checks every descriptor and bitmap: sums, counts, padding.</summary>
    public void CheckGroups()
    {
        long free = 0;
        long freeInodes = 0;
        for (int group = 0; group < Geometry.GroupCount; group++)
        {
            GroupDescriptor descriptor = Descriptor(group);
            if (HasDescriptorChecksums)
                Assert.True(Ext4Checksums.GroupDescriptor(Geometry, group, Geometry.DescriptorOffsetBytes(group)).Matches(Buffers),
                    $"descriptor {group}");
            free += descriptor.FreeBlocksCount(Geometry.Is64Bit);
            freeInodes += descriptor.FreeInodesCount(Geometry.Is64Bit);
            if (!HasDescriptorChecksums || (descriptor.GroupFlags & GroupFlags.BlockUninitialized) == 0)
            {
                long offset = Geometry.BlockOffsetBytes(descriptor.BlockBitmap(Geometry.Is64Bit));
                Assert.Equal(descriptor.FreeBlocksCount(Geometry.Is64Bit), CountClear(offset, Geometry.BlocksInGroup(group)));
                if (Geometry.HasMetadataChecksum)
                    Assert.True(Ext4Checksums.BlockBitmap(Geometry, offset, Geometry.DescriptorOffsetBytes(group)).Matches(Buffers),
                        $"block bitmap {group}");
            }

            if (!HasDescriptorChecksums || (descriptor.GroupFlags & GroupFlags.InodeUninitialized) == 0)
            {
                long offset = Geometry.BlockOffsetBytes(descriptor.InodeBitmap(Geometry.Is64Bit));
                Assert.Equal(descriptor.FreeInodesCount(Geometry.Is64Bit), CountClear(offset, Geometry.InodesPerGroup));
                if (Geometry.HasMetadataChecksum)
                    Assert.True(Ext4Checksums.InodeBitmap(Geometry, offset, Geometry.DescriptorOffsetBytes(group)).Matches(Buffers),
                        $"inode bitmap {group}");
            }
        }

        Assert.Equal(free, Context.Blocks.FreeBlocksCount);
        Assert.Equal(freeInodes, Context.Inodes.FreeInodesCount);
    }

    public GroupDescriptor Descriptor(int group) =>
        GroupDescriptor.Load(Buffers.Read(Geometry.DescriptorOffsetBytes(group), Geometry.DescriptorSizeBytes));

    private bool HasDescriptorChecksums => Geometry.HasMetadataChecksum || Geometry.HasGroupDescriptorChecksum;

    /// <summary>Clear bits among the first, and that all behind them are set.</summary>
    private int CountClear(long bitmapOffsetBytes, int bits)
    {
        ReadOnlySpan<byte> bitmap = ((IByteSource)Buffers).Read(bitmapOffsetBytes, Geometry.BlockSizeBytes);
        int clear = 0;
        for (int bit = 0; bit < Geometry.BlockSizeBytes * 8; bit++)
        {
            bool isSet = (bitmap[bit / 8] >> (bit % 8) & 1) != 0;
            if (bit < bits)
                clear += isSet ? 0 : 1;
            else
                Assert.True(isSet, $"bit {bit} behind the last is set");
        }

        return clear;
    }

    private static PagedMemory Make(long sizeBytes, VolumeMakeOptions options)
    {
        var storage = new PagedMemory(sizeBytes);
        VolumeMaker.Make(storage, options);
        return storage;
    }
}
