using ExtShell.Engine.Caching;
using ExtShell.Engine.Devices;
using ExtShell.Format.Errors;

namespace ExtShell.Engine.IO;

/// <summary>All that reads and writes the files of one mounted volume, put together.</summary>
public sealed class FileIo
{
    /// <summary>Puts it together.</summary>
    /// <param name="io">The volume.</param>
    /// <param name="protocol">The direct I/O protocol, by name.</param>
    /// <param name="switches">Its switches.</param>
    /// <exception cref="FileSystemException">EINVAL: no protocol or switch has that name.</exception>
    public FileIo(IoContext io, string protocol, IReadOnlyList<string> switches)
    {
        WriteBack = new WriteBack(io);
        FileSync = new FileSync(io, WriteBack);
        var coherence = new PageCoherence(WriteBack);
        var fill = new PageFill(io);
        Buffered = new BufferedFile(io, fill, WriteBack, FileSync);
        io.Protocol = WriteProtocols.Create(protocol, switches, new ProtocolParts(io, coherence, FileSync, Buffered));
        if (io.Protocol.Description.DataPath == DataPath.Memory)
            io.Volume.DataMemory = RequireMemory(io);
        Mapped = new MappedFile(io, fill, FileSync);
        Engine = new WriteEngine(io, coherence);
        DirectReads = new DirectReads(io, coherence);
        Fallocation = new Fallocation(io, WriteBack);
        SizeChange = new SizeChange(io, WriteBack);
        AttributeChange = new AttributeChange(io, WriteBack);
    }

    /// <summary>Direct writes.</summary>
    public WriteEngine Engine { get; }

    /// <summary>Direct reads.</summary>
    public DirectReads DirectReads { get; }

    /// <summary>Buffered reads and writes.</summary>
    public BufferedFile Buffered { get; }

    /// <summary>Loads and stores of mappings.</summary>
    public MappedFile Mapped { get; }

    /// <summary>Write-back of the page cache.</summary>
    public WriteBack WriteBack { get; }

    /// <summary>fsync.</summary>
    public FileSync FileSync { get; }

    /// <summary>fallocate.</summary>
    public Fallocation Fallocation { get; }

    /// <summary>ftruncate.</summary>
    public SizeChange SizeChange { get; }

    /// <summary>Permissions, owner, times and flags.</summary>
    public AttributeChange AttributeChange { get; }

    private static PersistentMemory RequireMemory(IoContext io)
    {
        string what = $"mount with {io.Protocol.Description.Name}";
        if (io.Device is not PersistentMemory memory)
            throw new FileSystemException(Errno.EOPNOTSUPP, what, "it copies to the device's memory, and the device is a disk");
        if (io.BlockSizeBytes != Page.SizeBytes)
            throw new FileSystemException(Errno.EINVAL, what, $"blocks are mapped, and those of {io.BlockSizeBytes} bytes are no pages");
        if (io.Volume.JournalsData)
            throw new FileSystemException(Errno.EINVAL, what, "data that is copied to memory cannot be journalled");
        return memory;
    }
}
