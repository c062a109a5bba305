using ExtShell.Engine.Kernel;
using ExtShell.Format.Errors;
using ExtShell.Format.Sources;

namespace ExtShell.Engine.Devices;

/// <summary>
/// Persistent memory: loads and stores by the byte, and a block device in front of it as the pmem driver gives one.
/// </summary>
/// <remarks>
/// (1) A store is seen at once. It is durable when its lines of 64 bytes were flushed, and a fence came after that; until then a line may
/// reach the medium at any time, whole, as it is after any of its stores, or not. Non-temporal stores need the fence only.
/// (2) The log has stores as whole lines with what they hold afterwards, cached ones line by line: submitted when they are made, ended when
/// their line is flushed. A fence is a flush that ends at once.
/// (3) A bio copies at its end, by non-temporal stores that the driver fences: it is durable when it has ended. A flush is a fence.
/// (4) Memory is not interrupted: stores, flushes of lines and fences wait for nothing.
/// </remarks>
public sealed class PersistentMemory : IRecordedDevice
{
    /// <summary>Bytes of a line: what reaches the medium whole or not at all.</summary>
    public const int LineBytes = 64;

    private readonly Machine _machine;
    private readonly SimulatedDisk _blocks;
    private readonly SortedDictionary<long, List<int>> _openStores = []; // by line: what was logged of it since it was flushed last

    /// <summary>Makes the memory and adds its block device to the machine.</summary>
    /// <param name="machine">The machine whose schedule ends its bios.</param>
    /// <param name="storage">Where its content is kept; a multiple of a line long.</param>
    public PersistentMemory(Machine machine, IStorage storage)
    {
        _machine = machine;
        _blocks = new SimulatedDisk(machine, storage, new DeviceTraits(HasVolatileCache: true, HasFua: true)) { EndsDurably = true }; // (3)
    }

    /// <inheritdoc/>
    public IStorage Storage => _blocks.Storage;

    /// <inheritdoc/>
    public WriteLog? Log => _blocks.Log;

    /// <inheritdoc/>
    public Func<Bio, Errno>? FaultPlan
    {
        get => _blocks.FaultPlan;
        set => _blocks.FaultPlan = value;
    }

    /// <inheritdoc/>
    public long LengthBytes => _blocks.LengthBytes;

    /// <inheritdoc/>
    public int SectorSizeBytes => _blocks.SectorSizeBytes;

    /// <inheritdoc/>
    public DeviceTraits Traits => _blocks.Traits;

    /// <inheritdoc/>
    public IByteSource Content => _blocks.Content;

    /// <inheritdoc/>
    public int PendingCount => _blocks.PendingCount;

    /// <summary>Loads.</summary>
    public void Load(long offsetBytes, Span<byte> into)
    {
        _machine.Touch(_blocks, offsetBytes, into.Length, AccessKind.Read);
        Storage.Read(offsetBytes, into);
    }

    /// <summary>Stores through the processor's cache. (1)</summary>
    public void Store(long offsetBytes, ReadOnlySpan<byte> bytes, in Provenance origin)
    {
        TouchStore(offsetBytes, bytes.Length);
        Storage.Write(offsetBytes, bytes);
        if (Log is not { } log)
            return;
        for (long line = offsetBytes & -LineBytes; line < offsetBytes + bytes.Length; line += LineBytes) // (2)
        {
            if (!_openStores.TryGetValue(line, out List<int>? open))
                _openStores.Add(line, open = []);
            open.Add(LogLines(log, line, LineBytes, origin));
        }
    }

    /// <summary>Stores around the processor's cache. (1)</summary>
    public void StoreNonTemporal(long offsetBytes, ReadOnlySpan<byte> bytes, in Provenance origin)
    {
        if (bytes.IsEmpty)
            return;
        TouchStore(offsetBytes, bytes.Length);
        Storage.Write(offsetBytes, bytes);
        if (Log is not { } log)
            return;
        long first = offsetBytes & -LineBytes;
        long end = (offsetBytes + bytes.Length + LineBytes - 1) & -LineBytes;
        log.Completed(LogLines(log, first, checked((int)(end - first)), origin), Errno.None);
        FlushLines(offsetBytes, bytes.Length);
    }

    /// <summary>Writes the lines of the range back from the processor's cache (clwb). They are durable after the next fence.</summary>
    public void FlushLines(long offsetBytes, long lengthBytes)
    {
        TouchStore(offsetBytes, lengthBytes);
        if (Log is not { } log || _openStores.Count == 0)
            return;
        for (long line = offsetBytes & -LineBytes; line < offsetBytes + lengthBytes; line += LineBytes)
        {
            if (!_openStores.Remove(line, out List<int>? open))
                continue;
            foreach (int index in open)
                log.Completed(index, Errno.None);
        }
    }

    /// <summary>Makes durable what was flushed or stored around the cache before (sfence).</summary>
    public void Fence()
    {
        _machine.Touch(SharedState.DeviceOrder, AccessKind.Read);
        if (Log is { } log)
            log.Completed(log.Submitted(BioOperation.Flush, false, 0, 0, default, default).Index, Errno.None);
    }

    /// <inheritdoc/>
    public WriteLog StartLog()
    {
        _openStores.Clear();
        return _blocks.StartLog();
    }

    /// <inheritdoc/>
    public void Submit(Bio bio) => _blocks.Submit(bio);

    /// <inheritdoc/>
    public bool TryFire(Bio bio) => _blocks.TryFire(bio);

    /// <inheritdoc/>
    public int PendingId(int index) => _blocks.PendingId(index);

    /// <inheritdoc/>
    public string DescribePending(int index) => _blocks.DescribePending(index);

    /// <inheritdoc/>
    public void Fire(int index) => _blocks.Fire(index);

    /// <summary>Stores end at once, or are flushed: a fence before them is another than one behind them.</summary>
    private void TouchStore(long offsetBytes, long lengthBytes)
    {
        _machine.Touch(_blocks, offsetBytes, lengthBytes, AccessKind.Write);
        _machine.Touch(SharedState.DeviceOrder, AccessKind.Mark);
    }

    private int LogLines(WriteLog log, long offsetBytes, int lengthBytes, in Provenance origin)
    {
        var bytes = new byte[lengthBytes];
        Storage.Read(offsetBytes, bytes);
        return log.Submitted(BioOperation.Write, false, offsetBytes, lengthBytes, bytes, origin, isStore: true).Index;
    }
}
