using ExtShell.Engine.Devices;
using ExtShell.Engine.Kernel;
using ExtShell.Format.Checksums;
using ExtShell.Format.Errors;
using ExtShell.Format.Sources;

namespace ExtShell.Engine.Caching;

/// <summary>
/// The metadata blocks of one device. As a byte source it is the volume as the cache sees it: loaded blocks from memory, the rest from
/// the device.
/// </summary>
/// <remarks>
/// (1) Home writes go out in order of blocks; neighbours in one bio of at most <see cref="MostBioBytes"/>.
/// (2) What is dirty when a write-back begins is at home when it returns; it does not flush the device.
/// </remarks>
public sealed class BufferCache : IByteSource
{
    /// <summary>The most bytes that one write home carries.</summary>
    public const int MostBioBytes = 1 << 20;

    private readonly Dictionary<long, Buffer> _buffers = [];
    private readonly List<HomeWrite> _idleWrites = [];
    private readonly List<HomeWrite> _inFlight = [];
    private readonly List<StagingChunk> _chunks = [];
    private List<Buffer> _dirty = [];
    private List<Buffer> _spareList = [];

    /// <summary>Makes an empty cache.</summary>
    /// <param name="machine">The machine of the device.</param>
    /// <param name="device">The device.</param>
    /// <param name="blockSizeBytes">1024, 2048 or 4096.</param>
    public BufferCache(Machine machine, IBlockDevice device, int blockSizeBytes)
    {
        Machine = machine;
        Device = device;
        BlockSizeBytes = blockSizeBytes;
        LengthBlocks = device.LengthBytes / blockSizeBytes;
    }

    /// <summary>The device.</summary>
    public IBlockDevice Device { get; }

    /// <summary>Bytes of a block.</summary>
    public int BlockSizeBytes { get; }

    /// <summary>Whole blocks of the device.</summary>
    public long LengthBlocks { get; }

    /// <inheritdoc/>
    public long LengthBytes => Device.LengthBytes;

    internal Machine Machine { get; }

    /// <summary>The block's buffer. Never reads by itself.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No such block.</exception>
    public Buffer Get(long block)
    {
        if (_buffers.TryGetValue(block, out Buffer? buffer))
            return buffer;
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((ulong)block, (ulong)LengthBlocks, nameof(block));
        buffer = new Buffer(this, block);
        _buffers.Add(block, buffer);
        return buffer;
    }

    /// <summary>
    /// The buffer of a freshly allocated block, without reading. Ask the handle for create access next: that makes it zeroes also where an
    /// older content was loaded.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">No such block.</exception>
    public Buffer GetNew(long block)
    {
        Buffer buffer = Get(block);
        if (!buffer.IsLoaded)
            buffer.SetZeroes();
        return buffer;
    }

    /// <summary>The block's buffer, if there is one.</summary>
    public Buffer? Find(long block) => _buffers.GetValueOrDefault(block);

    /// <summary>Lists the buffers that are newer than their homes, by block.</summary>
    public void ListDirty(List<Buffer> into)
    {
        into.Clear();
        foreach (Buffer buffer in _buffers.Values)
        {
            if (buffer.IsDirty)
                into.Add(buffer);
        }

        into.Sort(static (left, right) => left.Block.CompareTo(right.Block));
    }

    /// <summary>
    /// The block was freed: what is here is worth nothing, and is not written home. Under a journal its handle calls this.
    /// </summary>
    public void Forget(long block)
    {
        if (!_buffers.Remove(block, out Buffer? buffer))
            return;
        buffer.ClearDirty();
        buffer.IsForgotten = true;
    }

    /// <summary>Writes home all that is dirty and waits for it. Without a flush: the device's cache may hold it. (1), (2)</summary>
    /// <exception cref="FileSystemException">The device failed a write; its blocks stay dirty.</exception>
    public async ValueTask WriteBackAsync()
    {
        if (_dirty.Count > 0)
        {
            List<Buffer> buffers = _dirty;
            _dirty = _spareList;
            _spareList = [];
            foreach (Buffer buffer in buffers)
                buffer.IsListedDirty = false;
            await WriteBackAsync(buffers);
            buffers.Clear();
            _spareList = buffers;
        }

        await WaitForWritesAsync();
    }

    /// <summary>Writes home those of the buffers that are dirty, and waits for them. The list is sorted by block in place.</summary>
    /// <exception cref="FileSystemException">The device failed a write; its blocks stay dirty.</exception>
    public async ValueTask WriteBackAsync(List<Buffer> buffers)
    {
        buffers.Sort(static (left, right) => left.Block.CompareTo(right.Block)); // (1)
        foreach (Buffer buffer in buffers)
            await buffer.WaitForWriteAsync();
        SubmitRuns(buffers);
        foreach (Buffer buffer in buffers)
            await buffer.WaitForWriteAsync();
        foreach (Buffer buffer in buffers)
        {
            if (buffer.WriteError != Errno.None)
                throw new FileSystemException(buffer.WriteError, $"write block {buffer.Block}", "the device failed the write");
        }
    }

    /// <inheritdoc/>
    public ReadOnlySpan<byte> Read(long offsetBytes, int lengthBytes)
    {
        long block = offsetBytes / BlockSizeBytes;
        int within = (int)(offsetBytes - (block * BlockSizeBytes));
        if (within + lengthBytes <= BlockSizeBytes)
            return _buffers.TryGetValue(block, out Buffer? buffer)
                ? buffer.Read(within, lengthBytes)
                : Device.Content.Read(offsetBytes, lengthBytes);
        var copy = new byte[lengthBytes];
        for (int done = 0; done < lengthBytes;)
        {
            int part = Math.Min(lengthBytes - done, BlockSizeBytes - (int)((offsetBytes + done) % BlockSizeBytes));
            Read(offsetBytes + done, part).CopyTo(copy.AsSpan(done));
            done += part;
        }

        return copy;
    }

    /// <inheritdoc/>
    public bool IsDecided(long offsetBytes, int lengthBytes)
    {
        while (lengthBytes > 0)
        {
            int part = Math.Min(lengthBytes, BlockSizeBytes - (int)(offsetBytes % BlockSizeBytes));
            bool isLoaded = _buffers.TryGetValue(offsetBytes / BlockSizeBytes, out Buffer? buffer) && buffer.IsLoaded;
            if (!isLoaded && !Device.Content.IsDecided(offsetBytes, part))
                return false;
            offsetBytes += part;
            lengthBytes -= part;
        }

        return true;
    }

    /// <inheritdoc/>
    public bool TryReadVerified(long offsetBytes, int lengthBytes, in ChecksumRule rule, out ReadOnlySpan<byte> bytes)
    {
        if (!IsDecided(offsetBytes, lengthBytes))
            return Device.Content.TryReadVerified(offsetBytes, lengthBytes, rule, out bytes);
        bytes = Read(offsetBytes, lengthBytes);
        return rule.Matches(this);
    }

    internal void ListDirty(Buffer buffer)
    {
        if (buffer.IsListedDirty)
            return;
        buffer.IsListedDirty = true;
        _dirty.Add(buffer);
    }

    internal void Ended(HomeWrite write)
    {
        HomeWrite last = _inFlight[^1];
        _inFlight[write.Index] = last;
        last.Index = write.Index;
        _inFlight.RemoveAt(_inFlight.Count - 1);
    }

    internal void Recycle(HomeWrite write) => _idleWrites.Add(write);

    private void SubmitRuns(List<Buffer> buffers)
    {
        HomeWrite? run = null;
        StagingChunk? chunk = null;
        int chunkBytes = (int)Math.Min(MostBioBytes, (long)buffers.Count * BlockSizeBytes);
        foreach (Buffer buffer in buffers)
        {
            // Another thread may have sent it, or taken it under a transaction, while this one waited.
            if (!buffer.IsDirty)
                continue;
            if (buffer.IsInFlight)
            {
                ListDirty(buffer);
                continue;
            }

            if (run is not null && (run.NextBlock != buffer.Block || (run.Count + 1) * BlockSizeBytes > MostBioBytes))
            {
                Submit(run, ref chunk, chunkBytes);
                run = null;
            }

            run ??= TakeWrite();
            run.Add(buffer);
        }

        if (run is not null)
            Submit(run, ref chunk, chunkBytes);
        chunk?.Release();
    }

    private void Submit(HomeWrite run, ref StagingChunk? chunk, int chunkBytes)
    {
        int lengthBytes = run.Count * BlockSizeBytes;
        if (chunk is null || !chunk.HasRoom(lengthBytes))
        {
            chunk?.Release();
            chunk = TakeChunk();
            chunk.Begin(chunkBytes);
        }

        run.Index = _inFlight.Count;
        _inFlight.Add(run);
        run.Submit(chunk);
    }

    /// <summary>Waits for the writes that are in flight now; later ones are not its business.</summary>
    private async ValueTask WaitForWritesAsync()
    {
        int newest = -1;
        foreach (HomeWrite write in _inFlight)
            newest = Math.Max(newest, write.Bio.Id);
        while (FindInFlight(newest) is { } write)
            await write.WaitAsync();
    }

    private HomeWrite? FindInFlight(int newestId)
    {
        foreach (HomeWrite write in _inFlight)
        {
            if (write.Bio.Id <= newestId)
                return write;
        }

        return null;
    }

    private HomeWrite TakeWrite()
    {
        if (_idleWrites.Count == 0)
            return new HomeWrite(this);
        HomeWrite write = _idleWrites[^1];
        _idleWrites.RemoveAt(_idleWrites.Count - 1);
        return write;
    }

    private StagingChunk TakeChunk()
    {
        foreach (StagingChunk known in _chunks)
        {
            if (known.IsIdle)
                return known;
        }

        var chunk = new StagingChunk();
        _chunks.Add(chunk);
        return chunk;
    }
}
