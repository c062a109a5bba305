using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using ExtShell.Engine.Devices;
using ExtShell.Engine.IO.Steps;
using ExtShell.Engine.Mapping;
using ExtShell.Format.Errors;
#if WITHOUT_SEAM
using ProtocolInUse = ExtShell.Engine.IO.Protocols.Ext4Iomap2023;
#else
using ProtocolInUse = ExtShell.Engine.IO.IWriteProtocol;
#endif

namespace ExtShell.Engine.IO;

/// <summary>
/// Carries out direct writes: asks the protocol its questions, cuts the request into bios, and brings each write to its acknowledgement.
/// It knows no protocol and no switch.
/// </summary>
/// <remarks>
/// The order, for each write:
/// admit → in-flight count up → write back and drop the cached pages of the range → map and submit, run by run → data done →
/// finish → in-flight count down → sync → acknowledgement. The submitter does all of it where the write is waited for, or where all bios
/// have ended before the submission is over; else the worker, or the interrupt, does what follows "data done". "Returned" is asked before
/// the call returns.
/// Invariants.
/// (1) Admitted writes are asked "returned" exactly once, whatever happens; that gives the inode lock back.
/// (2) The in-flight count drops exactly once, after finish unless the protocol drops it before.
/// (3) An asynchronous write is acknowledged exactly once: every failure is told there, as io_submit(2) does, none is thrown at submission.
/// (4) Of blocks that are new or unwritten, what the data does not fill is written with zeroes in the same write; so is the tail of the
/// block behind the size.
/// (5) A write's object is used again only after both its submitter and its completion have let go of it.
/// (6) A damaged map ends a write like any error, once what is in flight has ended: as EUCLEAN where it is told by an acknowledgement, as
/// what was found where it is thrown.
/// (7) What is left for the page cache is written, and synced, by the protocol when it is asked "returned".
/// (8) A write that must not wait (NOWAIT) fails with EAGAIN where pages of its range are cached: to write them back, or to drop them, may
/// wait.
/// </remarks>
public sealed class WriteEngine
{
    private const int LargestBioBytes = 1 << 20;

    private readonly IoContext _io;
    private readonly PageCoherence _coherence;
    private readonly Stack<DirectWrite> _free = new();
    private readonly byte[] _zeroes;

    internal WriteEngine(IoContext io, PageCoherence coherence)
    {
        _io = io;
        _coherence = coherence;
        _zeroes = io.Machine.TakeBytes(io.BlockSizeBytes);
    }

#if WITHOUT_SEAM
    private ProtocolInUse Protocol => (ProtocolInUse)_io.Protocol;
#else
    private ProtocolInUse Protocol => _io.Protocol;
#endif

    /// <summary>Writes and returns when the write is acknowledged.</summary>
    /// <returns>How many bytes were written.</returns>
    /// <exception cref="FileSystemException">The write was refused, or failed; parts of it may have been written.</exception>
    public async ValueTask<long> WriteAsync(DirectRequest request)
    {
        DirectWrite write = Take(request, null);
        await Protocol.AdmitAsync(write);
        try
        {
            if (!write.SkipsTransfer)
            {
                await TransferAsync(write);
                _io.Protocol.Submitted(write);
                write.EndSubmission();
                await write.DataDoneAsync();
                await CompleteAsync(write);
            }
        }
        finally
        {
            await ReturnAsync(write);
        }

        Errno error = write.Error;
        CorruptionException? damage = write.Damage;
        long writtenBytes = write.WrittenBytes;
        Release(write);
        if (damage is not null)
            ExceptionDispatchInfo.Throw(damage);
        if (error != Errno.None)
            throw new FileSystemException(
                error, $"direct write of inode {request.Inode.Number} at {request.OffsetBytes}", "the write failed");
        return writtenBytes;
    }

    /// <summary>
    /// Submits a write and returns; <paramref name="end"/> is told of its acknowledgement, which may come before the return.
    /// </summary>
    public async ValueTask StartAsync(DirectRequest request, IDirectWriteEnd end)
    {
        DirectWrite write = Take(request, end);
        try
        {
            await Protocol.AdmitAsync(write);
        }
        catch (FileSystemException refused)
        {
            end.Acknowledge(0, refused.Errno); // (3)
            return;
        }
        catch (CorruptionException)
        {
            end.Acknowledge(0, Errno.EUCLEAN); // (3), (6)
            return;
        }

        bool isOurs = write.SkipsTransfer;
        try
        {
            if (!write.SkipsTransfer)
            {
                await TransferAsync(write);
                isOurs = await EndSubmissionAsync(write);
            }
        }
        finally
        {
            await ReturnAsync(write);
        }

        if (isOurs)
        {
            write.Acknowledge();
            Release(write);
        }

        Release(write);
    }

    /// <summary>All bios of a write that nobody waits for have ended; interrupt context.</summary>
    internal void DataDone(DirectWrite write)
    {
        if (!write.MustWait) // else its submitter waits for just this
            Protocol.IoDone(write);
    }

    /// <summary>An appending write has its place, which the device must be able to begin at; it is cut off where files end.</summary>
    /// <exception cref="FileSystemException">EINVAL: the file ends inside a sector, or the largest one would; EFBIG: it is as large
    /// already.</exception>
    internal void Placed(DirectWrite write)
    {
        write.CutTo(RequestChecks.Room(_io, write.Inode, write.OffsetBytes, write.LengthBytes));
        _io.Placed?.Invoke(write.Call, write.OffsetBytes);
        if (_io.Memory is null)
            RequestChecks.Align(_io, write.Inode, write.OffsetBytes, write.LengthBytes);
    }

    /// <summary>Nothing is left to do of a write that nobody waits for.</summary>
    internal void Complete(DirectWrite write)
    {
        write.CountOut(); // (2)
        write.Acknowledge(); // (3)
        Release(write);
    }

    /// <summary>What the worker runs for a write whose data is done.</summary>
    internal async ValueTask FinishQueuedAsync(DirectWrite write)
    {
        await CompleteAsync(write);
        if (!write.IsAcknowledged)
            write.Acknowledge(); // (3)
        Release(write);
    }

    /// <summary>The end of an asynchronous write's submission.</summary>
    /// <returns>Whether its submitter completed it, and acknowledges it when it has returned.</returns>
    private async ValueTask<bool> EndSubmissionAsync(DirectWrite write)
    {
        _io.Protocol.Submitted(write);
        bool isDataDone = write.EndSubmission();
        if (!write.MustWait)
        {
            if (isDataDone)
                Protocol.IoDone(write);
            return false;
        }

        await write.DataDoneAsync();
        await CompleteAsync(write);
        return true;
    }

    /// <summary>Maps and submits all of the request, or what can be had of it; an error is noted in the write.</summary>
    private async ValueTask TransferAsync(DirectWrite write)
    {
        write.Inode.BeginDirect();
        try
        {
            if (write.IsNoWait && _io.Memory is null && PageCoherence.HasPages(write.Inode, write.OffsetBytes, write.LengthBytes))
                throw InodeLocking.WouldWait(write.Inode, "its range is cached"); // (8)
            await _coherence.WriteBackAndDropAsync(write.Inode, write.OffsetBytes, write.LengthBytes);
            long position = write.OffsetBytes;
            while (position < write.EndBytes)
            {
                long firstBlock = position >> _io.BlockSizeBits;
                long lastBlock = (write.EndBytes - 1) >> _io.BlockSizeBits;
                WriteMapping mapping = await Protocol.MapAsync(write, (uint)firstBlock, (int)(lastBlock - firstBlock + 1));
                if (mapping.IsBuffered)
                {
                    write.HasBufferedRest = write.MustWait = true;
                    break;
                }

                if (mapping.IsShort)
                {
                    write.IsShort = true;
                    break;
                }

                position = SubmitRun(write, mapping, position);
                write.TransferredBytes = (int)(Math.Min(position, write.EndBytes) - write.OffsetBytes);
            }

            write.WrittenBytes = write.TransferredBytes;
        }
        catch (FileSystemException failed)
        {
            write.Fail(failed.Errno);
        }
        catch (CorruptionException damage)
        {
            write.Fail(damage); // (6)
        }
    }

    private async ValueTask ReturnAsync(DirectWrite write)
    {
        try
        {
            await Protocol.ReturnedAsync(write); // (1)
        }
        catch (FileSystemException failed)
        {
            write.Fail(failed.Errno);
        }
        catch (CorruptionException damage)
        {
            write.Fail(damage); // (6)
        }
    }

    /// <summary>Submits the data that goes into one run of blocks, and the zeroes around it.</summary>
    /// <returns>The first byte of the file that it did not cover.</returns>
    private long SubmitRun(DirectWrite write, in WriteMapping mapping, long position)
    {
        BlockMapping blocks = mapping.Blocks;
        InvariantException.Require(blocks.IsMapped && blocks.LogicalBlock <= position >> _io.BlockSizeBits,
            "a protocol maps what it is asked for");
        long fileToDeviceBytes = (blocks.PhysicalBlock - blocks.LogicalBlock) << _io.BlockSizeBits;
        long end = Math.Min(write.EndBytes, blocks.EndLogicalBlock << _io.BlockSizeBits);
        bool isFresh = mapping.IsNew || blocks.State == MappingState.Unwritten;
        write.NeedsConversion |= blocks.State == MappingState.Unwritten;
        bool usesFua = write.IsAllFua && _io.CanReplaceSyncByFua && Protocol.MayUseFua(write, mapping);
        write.IsAllFua = usesFua;

        if (isFresh) // (4)
            SubmitZeroes(write, fileToDeviceBytes, position & -_io.BlockSizeBytes, position, usesFua);
        for (long at = position; at < end;)
        {
            int length = (int)Math.Min(end - at, LargestBioBytes);
            Memory<byte> data = MemoryMarshal.AsMemory(write.Bytes.Slice((int)(at - write.OffsetBytes), length));
            SubmitWrite(write, at + fileToDeviceBytes, data, new Provenance(ProvenanceKind.Data, write.Inode.Number, at, write.Call),
                usesFua);
            at += length;
        }

        if (isFresh || end >= write.Inode.SizeBytes) // (4)
            SubmitZeroes(write, fileToDeviceBytes, end, (end + _io.BlockSizeBytes - 1) & -_io.BlockSizeBytes, usesFua);
        return end;
    }

    private void SubmitZeroes(DirectWrite write, long fileToDeviceBytes, long fromBytes, long toBytes, bool usesFua)
    {
        if (fromBytes == toBytes)
            return;
        var origin = new Provenance(ProvenanceKind.Zeroes, write.Inode.Number, fromBytes, write.Call);
        SubmitWrite(write, fromBytes + fileToDeviceBytes, _zeroes.AsMemory(0, (int)(toBytes - fromBytes)), origin, usesFua);
    }

    private void SubmitWrite(DirectWrite write, long deviceOffsetBytes, Memory<byte> data, in Provenance origin, bool usesFua)
    {
        if (_io.Memory is { } memory)
        {
            memory.StoreNonTemporal(deviceOffsetBytes, data.Span, origin); // nothing is in flight of it
            return;
        }

        Bio bio = write.NextBio(_io.Machine);
        bio.IsDataStable = write.MustWait;
        bio.SetWrite(deviceOffsetBytes, data, origin, usesFua && _io.Device.Traits.HasFua);
        _io.Device.Submit(bio);
    }

    /// <summary>From data done to just before the acknowledgement.</summary>
    private async ValueTask CompleteAsync(DirectWrite write)
    {
        try
        {
            await Protocol.FinishAsync(write);
        }
        catch (FileSystemException failed)
        {
            write.Fail(failed.Errno);
        }
        catch (CorruptionException damage)
        {
            write.Fail(damage); // (6)
        }
        finally
        {
            if (!write.IsCountedOut)
                write.CountOut(); // (2)
        }

        if (write.Error != Errno.None || write.Sync == SyncKind.None || write.IsAllFua || write.HasBufferedRest)
            return; // (7)
        try
        {
            await Protocol.SyncAsync(write);
        }
        catch (FileSystemException failed)
        {
            write.Fail(failed.Errno);
        }
    }

    private DirectWrite Take(in DirectRequest request, IDirectWriteEnd? end)
    {
        if (!_free.TryPop(out DirectWrite? write))
            write = new DirectWrite(this, _io.Machine);
        write.Begin(request, end);
        return write;
    }

    private void Release(DirectWrite write)
    {
        if (write.LetGo())
            _free.Push(write); // (5)
    }
}
