using ExtShell.Engine.Allocation;
using ExtShell.Engine.Devices;
using ExtShell.Engine.Inodes;
using ExtShell.Engine.Journal;
using ExtShell.Engine.Kernel;

namespace ExtShell.Engine.IO;

/// <summary>What reading and writing files needs of the mounted volume.</summary>
public sealed class IoContext
{
    private readonly Stack<Bio> _bios = new();

    /// <summary>Makes it, and the completion workers.</summary>
    public IoContext(VolumeContext volume, InodeTable inodes, IBlockDevice device)
    {
        Volume = volume;
        Inodes = inodes;
        Device = device;
        Faults = new FaultInjection(volume.Machine);
        DirectCompletions = new WorkQueue(volume.Machine, "direct completions");
        WriteBackCompletions = new WorkQueue(volume.Machine, "write-back completions");
    }

    /// <summary>The floors below.</summary>
    public VolumeContext Volume { get; }

    /// <summary>The live inodes, with orphans and truncation.</summary>
    public InodeTable Inodes { get; }

    /// <summary>The device.</summary>
    public IBlockDevice Device { get; }

    /// <summary>What is left to do of direct writes when their data is on the device; it may wait for commits.</summary>
    public WorkQueue DirectCompletions { get; }

    /// <summary>
    /// What is left to do of write-back. It has a worker of its own, so that it never stands behind a direct write that waits for a commit.
    /// </summary>
    public WorkQueue WriteBackCompletions { get; }

    /// <summary>Whether overwrites share the inode lock and write-back allocates unwritten (<c>dioread_nolock</c>).</summary>
    public bool DioReadNoLock { get; init; } = true;

    /// <summary>Whether a sync of what is in the device's cache sends a flush.</summary>
    public bool SendsBarriers { get; init; } = true;

    /// <summary>Whether writes may use FUA where the device has it.</summary>
    public bool UsesFua { get; init; } = true;

    /// <summary>Whether a write can be durable when it ends: by FUA, or because the device has no volatile cache.</summary>
    public bool CanReplaceSyncByFua => !Device.Traits.HasVolatileCache || (UsesFua && Device.Traits.HasFua);

    /// <summary>The direct I/O protocol; set once, when the volume's parts are put together.</summary>
    public IWriteProtocol Protocol { get; internal set; } = null!;

    /// <summary>The device's memory, where the protocol copies data to it; null where data goes by bios.</summary>
    public PersistentMemory? Memory => Volume.DataMemory;

    /// <summary>The machine.</summary>
    public Machine Machine => Volume.Machine;

    /// <summary>The journal.</summary>
    public IJournal Journal => Volume.Journal;

    /// <summary>Bytes of a block.</summary>
    public int BlockSizeBytes => Volume.Geometry.BlockSizeBytes;

    /// <summary>Its power of two.</summary>
    public int BlockSizeBits => Volume.Geometry.BlockSizeShift;

    /// <summary>Failures to be met.</summary>
    public FaultInjection Faults { get; }

    /// <summary>Is told where an appending write goes: its call, and the offset in bytes.</summary>
    public Action<int, long>? Placed { get; set; }

    /// <summary>
    /// Whether the file can be read and written around the page cache: journalled data cannot, and such calls go through the page cache.
    /// </summary>
    public bool AllowsDirect(Inode inode) => !Volume.JournalsData || !inode.IsRegular;

    /// <summary>A bio that nothing is in flight of.</summary>
    internal Bio TakeBio() => _bios.TryPop(out Bio? bio) ? bio : new Bio(Machine);

    /// <summary>Gives a bio back that has ended.</summary>
    internal void GiveBio(Bio bio) => _bios.Push(bio);
}
