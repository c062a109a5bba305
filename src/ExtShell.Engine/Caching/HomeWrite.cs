using ExtShell.Engine.Devices;
using ExtShell.Engine.Kernel;
using ExtShell.Format.Errors;

namespace ExtShell.Engine.Caching;

/// <summary>A write of neighbouring buffers to their homes. It is used again after it ended and nobody waits for it any more.</summary>
internal sealed class HomeWrite : IBioEnd
{
    private readonly BufferCache _cache;
    private readonly List<Buffer> _buffers = [];
    private StagingChunk? _chunk;
    private int _waiterCount;

    public HomeWrite(BufferCache cache)
    {
        _cache = cache;
        Bio = new Bio(cache.Machine) { End = this, IsDataStable = true };
    }

    public Bio Bio { get; }

    /// <summary>Its place in the cache's list of writes in flight.</summary>
    public int Index { get; set; }

    public int Count => _buffers.Count;

    public long NextBlock => _buffers[^1].Block + 1;

    public void Add(Buffer buffer) => _buffers.Add(buffer);

    /// <summary>Takes the content as it is now, and sends it.</summary>
    public void Submit(StagingChunk chunk)
    {
        int blockSizeBytes = _cache.BlockSizeBytes;
        _cache.Machine.Touch(SharedState.Metadata, AccessKind.Write);
        _chunk = chunk;
        Memory<byte> data = chunk.Take(_buffers.Count * blockSizeBytes);
        for (int i = 0; i < _buffers.Count; i++)
        {
            Buffer buffer = _buffers[i];
            InvariantException.Require(!buffer.IsInFlight, "one write home of a block is in flight at a time");
            buffer.ClearDirty();
            buffer.HomeWrite = this;
            buffer.WriteError = Errno.None;
            buffer.Content.CopyTo(data.Span[(i * blockSizeBytes)..]);
        }

        _cache.Device.Submit(Bio.SetWrite(_buffers[0].OffsetBytes, data, new Provenance(ProvenanceKind.Metadata)));
    }

    public async ValueTask WaitAsync()
    {
        _waiterCount++;
        await Bio.WaitAsync();
        _cache.Machine.Touch(SharedState.Metadata, AccessKind.Read); // who waits looks which others are on their way
        if (--_waiterCount == 0 && !Bio.IsInFlight)
            _cache.Recycle(this);
    }

    /// <inheritdoc/>
    public void EndIo(Bio bio)
    {
        _cache.Machine.Touch(SharedState.Metadata, AccessKind.Write);
        foreach (Buffer buffer in _buffers)
        {
            buffer.HomeWrite = null;
            buffer.WriteError = bio.Error;
            if (bio.Error != Errno.None && !buffer.IsForgotten)
                buffer.MarkDirtyAgain();
        }

        _buffers.Clear();
        _chunk!.Release();
        _chunk = null;
        _cache.Ended(this);
        if (_waiterCount == 0)
            _cache.Recycle(this);
    }
}
