using ExtShell.Engine.Kernel;
using ExtShell.Format.Errors;

namespace ExtShell.Engine.Devices;

/// <summary>
/// One block I/O. It may be used again after it ended. What it writes is captured when it is submitted.
/// </summary>
public sealed class Bio : Waitable, IFootprint
{
    /// <summary>Makes an empty one.</summary>
    public Bio(Machine machine)
        : base(machine, WaitKind.DataIo)
    {
    }

    /// <summary>What it asks.</summary>
    public BioOperation Operation { get; private set; }

    /// <summary>Whether a write is durable when it ends.</summary>
    public bool Fua { get; private set; }

    /// <summary>Where on the device, in bytes; a multiple of its sector.</summary>
    public long OffsetBytes { get; private set; }

    /// <summary>How long, in bytes; a multiple of the device's sector.</summary>
    public int LengthBytes { get; private set; }

    /// <summary>The bytes to write, or the memory to read into; empty for a flush and for zeroes.</summary>
    public Memory<byte> Data { get; private set; }

    /// <summary>Where the bytes come from.</summary>
    public Provenance Origin { get; private set; }

    /// <summary>Whether the owner keeps the bytes unchanged until the bio ends, so that the device need not copy them.</summary>
    public bool IsDataStable { get; set; }

    /// <summary>Who is told of the end, in interrupt context.</summary>
    public IBioEnd? End { get; set; }

    /// <summary>How it ended.</summary>
    public Errno Error { get; internal set; }

    /// <summary>Whether it has ended.</summary>
    public bool IsDone { get; internal set; }

    /// <summary>Its number on its device, in order of submission.</summary>
    public int Id { get; internal set; } = -1;

    /// <inheritdoc/>
    public long FootprintKey => Id;

    internal IBlockDevice? Device { get; set; }

    internal byte[]? Captured { get; set; }

    internal int LogIndex { get; set; } = -1;

    /// <summary>Whether it is between submission and end.</summary>
    public bool IsInFlight => Device is not null && !IsDone;

    /// <summary>Makes it a write.</summary>
    public Bio SetWrite(long offsetBytes, Memory<byte> data, Provenance origin, bool fua = false) =>
        Set(BioOperation.Write, offsetBytes, data, data.Length, origin, fua);

    /// <summary>Makes it a read.</summary>
    public Bio SetRead(long offsetBytes, Memory<byte> into) => Set(BioOperation.Read, offsetBytes, into, into.Length, default, false);

    /// <summary>Makes it a flush.</summary>
    public Bio SetFlush() => Set(BioOperation.Flush, 0, default, 0, default, false);

    /// <summary>Makes it zeroes.</summary>
    public Bio SetWriteZeroes(long offsetBytes, int lengthBytes, Provenance origin) =>
        Set(BioOperation.WriteZeroes, offsetBytes, default, lengthBytes, origin, false);

    /// <summary>For devices: puts it in flight on that device.</summary>
    public void MarkSubmitted(IBlockDevice device, int id)
    {
        InvariantException.Require(!IsInFlight, "a bio is submitted once");
        Device = device;
        Id = id;
        LogIndex = -1;
    }

    /// <summary>For devices: ends it and tells its owner, in interrupt context.</summary>
    public void MarkEnded(Errno error)
    {
        Error = error;
        IsDone = true;
        End?.EndIo(this);
    }

    /// <summary>Throws if it ended with an error.</summary>
    /// <exception cref="FileSystemException">EIO or what the device answered.</exception>
    public void ThrowIfFailed(string what)
    {
        if (Error != Errno.None)
            throw new FileSystemException(Error, what, $"the device failed the {Operation} at byte {OffsetBytes}");
    }

    /// <inheritdoc/>
    public override string Describe() => Operation == BioOperation.Flush
        ? $"flush #{Number}"
        : $"{(Operation == BioOperation.Read ? "read" : "write")} #{Number}, "
            + $"{LengthBytes} bytes at {OffsetBytes} of the device ({Origin.Kind})";

    /// <summary>What it is called in traces: its number in the write log where there is one and it is logged.</summary>
    private int Number => LogIndex >= 0 ? LogIndex : Id;

    /// <inheritdoc/>
    public override bool IsReady(SimulatedThread thread) => IsDone;

    /// <inheritdoc/>
    protected internal override bool TryAdvance() => Device is not null && !IsDone && Device.TryFire(this);

    private Bio Set(BioOperation operation, long offsetBytes, Memory<byte> data, int lengthBytes, Provenance origin, bool fua)
    {
        InvariantException.Require(!IsInFlight, "a bio is not changed in flight");
        Operation = operation;
        OffsetBytes = offsetBytes;
        Data = data;
        LengthBytes = lengthBytes;
        Origin = origin;
        Fua = fua;
        Error = Errno.None;
        IsDone = false;
        Device = null;
        return this;
    }
}
