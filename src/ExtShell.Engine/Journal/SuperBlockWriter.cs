using ExtShell.Engine.Kernel;
using ExtShell.Format.Errors;
using ExtShell.Format.Journal;

namespace ExtShell.Engine.Journal;

/// <summary>Writes the journal's superblock; one write of it is in flight at a time.</summary>
internal sealed class SuperBlockWriter
{
    private readonly LogRing _ring;
    private readonly JournalDevice _device;
    private readonly SimulatedMutex _lock;
    private readonly byte[] _block;

    public SuperBlockWriter(Machine machine, JournalDevice device, LogRing ring, ReadOnlySpan<byte> block)
    {
        _ring = ring;
        _device = device;
        _lock = new SimulatedMutex(machine, "the journal's superblock");
        _block = machine.CopyBytes(block);
    }

    /// <summary>Names a tail. Before, if it is to be durable, the homes of what is before it are.</summary>
    public async ValueTask<Errno> WriteTailAsync(TransactionId transaction, uint block, bool isDurable)
    {
        await _lock.LockAsync();
        SetTail(transaction, block, head: 0);
        Errno error = await SendAsync(isDurable);
        _lock.Unlock();
        return error;
    }

    /// <summary>Says that the log is empty, once all that was in it is durable at home.</summary>
    /// <param name="next">The transaction that the log would begin with.</param>
    public async ValueTask<Errno> WriteEmptyAsync(TransactionId next)
    {
        await _lock.LockAsync();
        Errno error = await _device.FlushAsync();
        if (error == Errno.None)
        {
            SetTail(next, block: 0, _ring.Head);
            error = await SendAsync(isDurable: true);
        }

        _lock.Unlock();
        return error;
    }

    /// <summary>Records the error that stopped the journal, and leaves the tail as it is.</summary>
    public async ValueTask WriteErrorAsync(Errno error)
    {
        await _lock.LockAsync();
        _ring.Format.SuperBlock.ErrorNumber = unchecked((uint)-(int)error);
        await SendAsync(isDurable: true); // a device that fails this too leaves nothing to be done
        _lock.Unlock();
    }

    private void SetTail(TransactionId transaction, uint block, uint head)
    {
        ref JournalSuperBlock superBlock = ref _ring.Format.SuperBlock;
        superBlock.Sequence = transaction.Sequence;
        superBlock.Start = block;
        if (block == 0)
            superBlock.Head = head;
    }

    private ValueTask<Errno> SendAsync(bool isDurable)
    {
        _ring.Format.Seal();
        _ring.Format.Bytes.CopyTo(_block, 0);
        return _device.WriteAsync(_ring.Format.Geometry.OffsetBytes(0), _block, isDurable);
    }
}
