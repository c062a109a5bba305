using ExtShell.Engine.Devices;
using ExtShell.Engine.Inodes;
using ExtShell.Engine.IO.Steps;
using ExtShell.Engine.Mapping;
using ExtShell.Format.Errors;

namespace ExtShell.Engine.IO;

/// <summary>Reading around the page cache.</summary>
/// <remarks>
/// (1) The read is counted in flight, and the inode lock is held shared: neither truncate nor a write that changes the map comes between
/// lookup and read. Where the protocol reads without the lock the count alone keeps truncate away: it begins while nobody holds the lock
/// exclusively, and who holds it later waits for the count.
/// (2) What is cached dirty in the range is written back first, so that the device has it.
/// (3) Holes and unwritten blocks are zeroes, whatever the device holds.
/// (4) Where data is copied from the device's memory there is neither an alignment nor a page cache to look at.
/// </remarks>
public sealed class DirectReads
{
    private const int LargestBioBytes = 1 << 20;

    private readonly IoContext _io;
    private readonly PageCoherence _coherence;
    private readonly Stack<List<Bio>> _lists = new();

    internal DirectReads(IoContext io, PageCoherence coherence) => (_io, _coherence) = (io, coherence);

    /// <summary>
    /// Reads; short at the end of the file, and what is behind that in <paramref name="into"/> is not touched by the count.
    /// </summary>
    /// <returns>How many bytes were read.</returns>
    /// <exception cref="FileSystemException">EINVAL: not aligned; EIO: the device failed a read.</exception>
    public async ValueTask<int> ReadAsync(Inode inode, long offsetBytes, Memory<byte> into)
    {
        bool locks = await _io.Protocol.ReadingAsync(inode);
        if (locks || inode.Lock.IsExclusivelyHeld)
        {
            locks = true;
            await inode.Lock.LockSharedAsync(); // (1)
        }

        inode.BeginDirect();
        try
        {
            int length = (int)Math.Clamp(inode.SizeBytes - offsetBytes, 0, into.Length);
            if (length == 0)
                return 0;
            if (_io.Memory is null) // (4)
            {
                await _coherence.WriteBackAsync(inode, offsetBytes, length); // (2)
                RequireAligned(inode, offsetBytes, into.Length);
            }

            await TransferAsync(inode, offsetBytes, into, length);
            return length;
        }
        finally
        {
            inode.EndDirect();
            if (locks)
                inode.Lock.UnlockShared();
        }
    }

    /// <summary>Throws unless sectors divide what is read from the device; of holes and unwritten blocks Linux does not ask that.</summary>
    private void RequireAligned(Inode inode, long offsetBytes, int wantedBytes)
    {
        int mask = _io.Device.SectorSizeBytes - 1;
        if (((offsetBytes | (uint)wantedBytes) & mask) == 0)
            return;
        for (long position = offsetBytes; position < offsetBytes + wantedBytes;)
        {
            BlockMapping run = inode.Map.Lookup((uint)(position >> _io.BlockSizeBits), int.MaxValue);
            long end = Math.Min(offsetBytes + wantedBytes, run.EndLogicalBlock << _io.BlockSizeBits);
            if (run.State == MappingState.Written)
                RequestChecks.Align(_io, inode, position, (int)(end - position));
            position = end;
        }
    }

    private async ValueTask TransferAsync(Inode inode, long offsetBytes, Memory<byte> into, int lengthBytes)
    {
        if (!_lists.TryPop(out List<Bio>? bios))
            bios = [];
        Submit(inode, offsetBytes, into, lengthBytes, bios);
        Errno error = Errno.None;
        foreach (Bio bio in bios)
        {
            await bio.WaitAsync();
            error = error == Errno.None ? bio.Error : error;
            _io.GiveBio(bio);
        }

        bios.Clear();
        _lists.Push(bios);
        if (error != Errno.None)
            throw new FileSystemException(error, $"direct read of inode {inode.Number} at {offsetBytes}", "the device failed the read");
    }

    /// <summary>Fills with zeroes what is no data, and submits reads for the rest, whole sectors of it.</summary>
    private void Submit(Inode inode, long offsetBytes, Memory<byte> into, int lengthBytes, List<Bio> bios)
    {
        int sector = _io.Memory is null ? _io.Device.SectorSizeBytes : 1;
        int end = (int)Math.Min(into.Length, ((offsetBytes + lengthBytes + sector - 1) / sector * sector) - offsetBytes);
        for (int done = 0; done < end;)
        {
            long position = offsetBytes + done;
            long block = position >> _io.BlockSizeBits;
            long lastBlock = (offsetBytes + end - 1) >> _io.BlockSizeBits;
            BlockMapping run = inode.Map.Lookup((uint)block, (int)(lastBlock - block + 1));
            int part = (int)Math.Min(end - done, (run.EndLogicalBlock << _io.BlockSizeBits) - position);
            part = Math.Min(part, LargestBioBytes);
            Memory<byte> target = into.Slice(done, part);
            long deviceOffset = (run.PhysicalBlock << _io.BlockSizeBits) + (position - (block << _io.BlockSizeBits));
            if (run.State != MappingState.Written)
            {
                target.Span.Clear(); // (3)
            }
            else if (_io.Memory is { } memory)
            {
                memory.Load(deviceOffset, target.Span); // (4)
            }
            else
            {
                Bio bio = _io.TakeBio();
                _io.Device.Submit(bio.SetRead(deviceOffset, target));
                bios.Add(bio);
            }

            done += part;
        }
    }
}
