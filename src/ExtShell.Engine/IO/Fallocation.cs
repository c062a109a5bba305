using ExtShell.Engine.Inodes;
using ExtShell.Engine.IO.Steps;
using ExtShell.Format.Errors;
using ExtShell.Format.OnDisk;

namespace ExtShell.Engine.IO;

/// <summary>fallocate: what all its modes have in common, and which class does what.</summary>
/// <remarks>
/// (1) The inode lock is held exclusively, and the protocol says what direct I/O is waited for: none may map or convert in the range
/// meanwhile.
/// (2) Modes that take blocks from under the page cache hold the invalidation lock: no page of the range is filled between the removal of
/// its pages and that of its blocks.
/// (3) What was reserved for pages that are dropped, or allocated now, is given back.
/// </remarks>
public sealed class Fallocation
{
    private readonly IoContext _io;
    private readonly Preallocation _preallocation;
    private readonly HolePunch _punch;
    private readonly RangeZeroing _zeroing;
    private readonly RangeShift _shift;

    internal Fallocation(IoContext io, WriteBack writeBack)
    {
        _io = io;
        _preallocation = new Preallocation(io);
        _punch = new HolePunch(io, writeBack);
        _zeroing = new RangeZeroing(io, writeBack, _preallocation);
        _shift = new RangeShift(io, writeBack);
    }

    /// <summary>fallocate.</summary>
    /// <exception cref="FileSystemException">
    /// EINVAL: the length is not positive, or of collapse and insert: not made of blocks, or not inside the file; EOPNOTSUPP: the file's
    /// map cannot do it; EFBIG; ENOSPC; EPERM; EIO: what was written before could not be written back.
    /// </exception>
    public async ValueTask RunAsync(
        Inode inode, long offsetBytes, long lengthBytes, FallocateMode mode, bool keepSize, Caller caller = default)
    {
        string what = $"{mode} of inode {inode.Number}";
        if (offsetBytes < 0 || lengthBytes <= 0)
            throw new FileSystemException(Errno.EINVAL, what, "the length must be positive, and the offset not negative");
        await inode.Lock.LockExclusiveAsync(); // (1)
        try
        {
            if (mode != FallocateMode.Allocate && (inode.Flags & InodeFlags.AppendOnly) != 0)
                throw new FileSystemException(Errno.EPERM, what, "the file may only be appended to");
            RequestChecks.Write(_io, inode, offsetBytes, lengthBytes);
            long end = offsetBytes + lengthBytes;
            bool raisesSize = mode is FallocateMode.Allocate or FallocateMode.ZeroRange && !keepSize;
            long? newSize = raisesSize && (end > inode.SizeBytes || end > inode.DiskSizeBytes) ? end : null;
            await WaitForDirectAsync(inode, offsetBytes, lengthBytes, newSize, mode);
            await Privileges.UpdateAsync(_io, inode, caller);
            if (mode != FallocateMode.PunchHole && !inode.HasExtents)
                throw new FileSystemException(Errno.EOPNOTSUPP, what, "it is mapped by blocks, and those have no unwritten state");
            if (mode == FallocateMode.Allocate && (newSize is null || _io.Memory is null))
                await _preallocation.AllocateAsync(inode, offsetBytes, end, newSize);
            else
                await ReplaceAsync(inode, offsetBytes, end, newSize, mode);
        }
        finally
        {
            Reservations.Settle(_io.Volume, inode); // (3)
            inode.Lock.UnlockExclusive();
        }
    }

    private ValueTask WaitForDirectAsync(
        Inode inode, long offsetBytes, long lengthBytes, long? newSizeBytes, FallocateMode mode) => mode switch
    {
        FallocateMode.Allocate => _io.Protocol.TruncatingAsync(inode, newSizeBytes ?? inode.SizeBytes),
        FallocateMode.CollapseRange or FallocateMode.InsertRange =>
            _io.Protocol.PunchingAsync(inode, offsetBytes, long.MaxValue - offsetBytes),
        _ => _io.Protocol.PunchingAsync(inode, offsetBytes, lengthBytes),
    };

    private async ValueTask ReplaceAsync(Inode inode, long offsetBytes, long endBytes, long? newSizeBytes, FallocateMode mode)
    {
        await inode.InvalidationLock.LockExclusiveAsync(); // (2)
        try
        {
            MemoryTail.Zero(_io, inode, newSizeBytes ?? 0);
            switch (mode)
            {
                case FallocateMode.Allocate:
                    await _preallocation.AllocateAsync(inode, offsetBytes, endBytes, newSizeBytes);
                    break;
                case FallocateMode.PunchHole:
                    await _punch.PunchAsync(inode, offsetBytes, endBytes);
                    break;
                case FallocateMode.ZeroRange:
                    await _zeroing.ZeroAsync(inode, offsetBytes, endBytes, newSizeBytes);
                    break;
                case FallocateMode.CollapseRange:
                    await _shift.CollapseAsync(inode, offsetBytes, endBytes);
                    break;
                case FallocateMode.InsertRange:
                    await _shift.InsertAsync(inode, offsetBytes, endBytes);
                    break;
                default:
                    throw new FileSystemException(Errno.EOPNOTSUPP, $"fallocate of inode {inode.Number}", $"there is no mode {mode}");
            }
        }
        finally
        {
            inode.InvalidationLock.UnlockExclusive();
        }
    }
}
