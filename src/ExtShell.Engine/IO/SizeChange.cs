using ExtShell.Format.Errors;
using ExtShell.Format.OnDisk;
using ExtShell.Engine.Inodes;
using ExtShell.Engine.IO.Steps;

namespace ExtShell.Engine.IO;

/// <summary>ftruncate: the part of setattr that sets the size.</summary>
/// <remarks>
/// (1) The inode lock is held exclusively, and the protocol says what direct I/O is waited for: none may map, convert or raise a size while
/// blocks are freed.
/// (2) A file that shrinks while its disk size lags behind (data not written back yet) is written back first up to its new end, so that
/// neither size is ever raised over content that was never there.
/// (3) What was reserved for pages that are dropped is given back.
/// (4) No fault of a mapping comes between the pages that are dropped and the blocks that are freed.
/// (5) Pages that have left write-back, and are dropped, may be converted still: that is waited for before their blocks are freed.
/// </remarks>
public sealed class SizeChange
{
    private readonly IoContext _io;
    private readonly WriteBack _writeBack;

    private readonly Func<Inode, ValueTask> _beforeFreeing;

    internal SizeChange(IoContext io, WriteBack writeBack) => (_io, _writeBack, _beforeFreeing) = (io, writeBack, writeBack.ConvertedAsync);

    /// <summary>Sets the size.</summary>
    /// <exception cref="FileSystemException">EINVAL, EFBIG, EPERM.</exception>
    public async ValueTask SetSizeAsync(Inode inode, long sizeBytes, Caller caller = default)
    {
        await inode.Lock.LockExclusiveAsync(); // (1)
        try
        {
            if ((inode.Flags & InodeFlags.AppendOnly) != 0)
                throw new FileSystemException(Errno.EPERM, $"truncate {inode}", "it may only be appended to");
            RequestChecks.Write(_io, inode, 0, sizeBytes);
            await Privileges.StripAsync(_io, inode, caller);
            await _io.Protocol.TruncatingAsync(inode, sizeBytes);
            if (inode.DiskSizeBytes < inode.SizeBytes && inode.HasPages)
                await _writeBack.WriteAndWaitAsync(inode, inode.DiskSizeBytes, sizeBytes - inode.DiskSizeBytes); // (2)
            await inode.InvalidationLock.LockExclusiveAsync(); // (4)
            try
            {
                MemoryTail.Zero(_io, inode, sizeBytes);
                await _io.Inodes.Truncation.TruncateAsync(inode, sizeBytes, _io.Protocol.SetsSizeUnderMappingLock, _beforeFreeing); // (5)
            }
            finally
            {
                inode.InvalidationLock.UnlockExclusive();
            }

            Reservations.Settle(_io.Volume, inode); // (3)
        }
        finally
        {
            inode.Lock.UnlockExclusive();
        }
    }
}
