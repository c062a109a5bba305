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
        Mapped = new MappedFile(io, fill, FileSync);
        io.Protocol = WriteProtocols.Create(protocol, switches, new ProtocolParts(io, coherence, WriteBack, FileSync, Buffered));
        Engine = new WriteEngine(io, coherence);
        DirectReads = new DirectReads(io, coherence);
        Fallocation = new Fallocation(io, WriteBack);
        SizeChange = new SizeChange(io, WriteBack);
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
}
