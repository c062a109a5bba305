using ExtShell.Engine.Caching;
using ExtShell.Engine.Devices;
using ExtShell.Engine.Journal;
using ExtShell.Engine.Kernel;
using ExtShell.Format.Errors;
using ExtShell.Format.Layout;
using ExtShell.Format.OnDisk;

namespace ExtShell.Engine.Allocation;

/// <summary>
/// What the floors above allocation share of a mounted volume. Made after recovery: it reads the superblock and the group descriptors.
/// </summary>
public sealed class VolumeContext
{
    /// <summary>Reads and verifies the superblock and all group descriptors, and nothing else.</summary>
    /// <param name="geometry">The volume's.</param>
    /// <param name="buffers">The cache of its metadata.</param>
    /// <param name="journal">Its journal, or the twin of volumes without.</param>
    /// <param name="machine">Where it runs.</param>
    /// <param name="generationSeed">What the generations of new inodes are made from; differs from mount to mount of a volume, see
    /// <see cref="InodeAllocator"/>.</param>
    /// <exception cref="CorruptionException">The superblock or a descriptor is damaged.</exception>
    public VolumeContext(VolumeGeometry geometry, BufferCache buffers, IJournal journal, Machine machine, uint generationSeed)
    {
        Geometry = geometry;
        Buffers = buffers;
        Journal = journal;
        Machine = machine;
        WriteErrors = new VolumeWriteErrors(machine);
        SuperBlock = new SuperBlockStore(geometry, buffers);
        Groups = new GroupTable(geometry, buffers);
        SystemZone = new SystemZone(geometry, Groups);
        long superuserReserveBlocks = (long)Math.Min(SuperBlock.Value.ReservedBlocksCount, (ulong)geometry.BlocksCount);
        Blocks = new BlockAllocator(geometry, buffers, Groups, SystemZone, superuserReserveBlocks);
        Inodes = new InodeAllocator(geometry, buffers, Groups, Blocks, generationSeed);
    }

    /// <summary>The volume's geometry.</summary>
    public VolumeGeometry Geometry { get; }

    /// <summary>The cache of its metadata.</summary>
    public BufferCache Buffers { get; }

    /// <summary>Its journal.</summary>
    public IJournal Journal { get; }

    /// <summary>Whether the content of regular files goes through the journal (data=journal).</summary>
    public bool JournalsData { get; init; }

    /// <summary>Where it runs.</summary>
    public Machine Machine { get; }

    /// <summary>What kept data of its files from the device.</summary>
    public VolumeWriteErrors WriteErrors { get; }

    /// <summary>The superblock.</summary>
    public SuperBlockStore SuperBlock { get; }

    /// <summary>The group descriptors.</summary>
    public GroupTable Groups { get; }

    /// <summary>The volume's own blocks; who knows the journal's adds them.</summary>
    public SystemZone SystemZone { get; }

    /// <summary>Allocates and frees blocks.</summary>
    public BlockAllocator Blocks { get; }

    /// <summary>The device's memory, where files' data is copied to it and mapped in it (DAX); null where data goes by bios.</summary>
    public PersistentMemory? DataMemory { get; internal set; }

    /// <summary>Allocates and frees inodes.</summary>
    public InodeAllocator Inodes { get; }

    /// <summary>
    /// Puts the sums of free blocks and inodes into a superblock that is about to be written. The kernel keeps them in memory and writes
    /// them when it writes the superblock anyway (unmount, sync, error), never with an allocation; recovery and e2fsck recompute them.
    /// </summary>
    public void StoreSummaries(ref SuperBlock superBlock)
    {
        superBlock.FreeBlocksCount = (ulong)Blocks.FreeBlocksCount;
        superBlock.FreeInodesCount = (uint)Inodes.FreeInodesCount;
    }
}
