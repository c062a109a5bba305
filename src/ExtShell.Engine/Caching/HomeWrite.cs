using System.Buffers;
using ExtShell.Engine.Devices;
using ExtShell.Engine.Kernel;
using ExtShell.Format.Errors;

namespace ExtShell.Engine.Caching;

/// <summary>A write of neighbouring buffers to their homes. It is used again after it ended and nobody waits for it any more.</summary>
internal sealed class HomeWrite : IBioEnd
{
    private readonly List<Buffer> _buffers = [];
    private byte[]? _staging;

    public HomeWrite(Machine machine) => Bio = new Bio(machine) { End = this };

    public Bio Bio { get; }

    public int WaiterCount { get; set; }

    public bool IsReusable => !Bio.IsInFlight && WaiterCount == 0;

    public int Count => _buffers.Count;

    public long NextBlock => _buffers[^1].Block + 1;

    public void Add(Buffer buffer) => _buffers.Add(buffer);

    /// <summary>Takes the content as it is now, and sends it.</summary>
    public void Submit(IBlockDevice device, int blockSizeBytes)
    {
        foreach (Buffer buffer in _buffers)
        {
            InvariantException.Require(!buffer.IsInFlight, "one write home of a block is in flight at a time");
            buffer.ClearDirty();
            buffer.HomeWrite = this;
            buffer.WriteError = Errno.None;
        }

        Memory<byte> data = _buffers.Count == 1 ? _buffers[0].Content : Gather(blockSizeBytes);
        Bio.IsDataStable = _buffers.Count > 1;
        device.Submit(Bio.SetWrite(_buffers[0].OffsetBytes, data, new Provenance(ProvenanceKind.Metadata)));
    }

    /// <inheritdoc/>
    public void EndIo(Bio bio)
    {
        foreach (Buffer buffer in _buffers)
        {
            buffer.HomeWrite = null;
            buffer.WriteError = bio.Error;
            if (bio.Error != Errno.None && !buffer.IsForgotten)
                buffer.MarkDirtyAgain();
        }

        _buffers.Clear();
        if (_staging is not null)
            ArrayPool<byte>.Shared.Return(_staging);
        _staging = null;
    }

    private Memory<byte> Gather(int blockSizeBytes)
    {
        int lengthBytes = _buffers.Count * blockSizeBytes;
        _staging = ArrayPool<byte>.Shared.Rent(lengthBytes);
        for (int i = 0; i < _buffers.Count; i++)
            _buffers[i].Content.CopyTo(_staging.AsSpan(i * blockSizeBytes));
        return _staging.AsMemory(0, lengthBytes);
    }
}
