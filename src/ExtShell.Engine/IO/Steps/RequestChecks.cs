using ExtShell.Engine.Inodes;
using ExtShell.Format.Errors;
using ExtShell.Format.OnDisk;

namespace ExtShell.Engine.IO.Steps;

/// <summary>What is refused before anything is changed.</summary>
internal static class RequestChecks
{
    /// <summary>Throws unless a direct request fits the device.</summary>
    /// <exception cref="FileSystemException">
    /// EINVAL: the offset or the length is no multiple of the sector, or the offset is negative.
    /// </exception>
    public static void Align(IoContext io, Inode inode, long offsetBytes, int lengthBytes)
    {
        int sector = io.Device.SectorSizeBytes;
        if (offsetBytes < 0 || offsetBytes % sector != 0 || lengthBytes % sector != 0)
            throw new FileSystemException(Errno.EINVAL, $"direct I/O of inode {inode.Number} at {offsetBytes}",
                $"offset and length must be multiples of {sector}");
    }

    /// <summary>How much of an append has room before the place where files end.</summary>
    /// <exception cref="FileSystemException">EFBIG: nothing.</exception>
    public static int Room(IoContext io, Inode inode, long offsetBytes, int lengthBytes)
    {
        long room = io.Inodes.Truncation.LargestSizeBytes(inode) - offsetBytes;
        return room > 0
            ? (int)Math.Min(room, lengthBytes)
            : throw new FileSystemException(Errno.EFBIG, $"append to inode {inode.Number}", "it is as large as files can be");
    }

    /// <summary>Throws if the volume was shut down, or its journal aborted: between the call and the lock.</summary>
    /// <exception cref="FileSystemException">EIO.</exception>
    public static void RequireRunning(IoContext io, Inode inode)
    {
        if (io.Journal.IsAborted)
            throw new FileSystemException(Errno.EIO, $"write of inode {inode.Number}", "the volume was shut down");
    }

    /// <summary>Throws if the file may not be written, or not there. The inode lock is held.</summary>
    /// <exception cref="FileSystemException">EPERM: the inode is immutable; EFBIG: the end lies beyond what the map can hold.</exception>
    public static void Write(IoContext io, Inode inode, long offsetBytes, long lengthBytes)
    {
        if ((inode.Flags & InodeFlags.Immutable) != 0)
            throw new FileSystemException(Errno.EPERM, $"write of inode {inode.Number}", "it is immutable");
        if (offsetBytes < 0)
            throw new FileSystemException(Errno.EINVAL, $"write of inode {inode.Number}", "the offset is negative");
        if (offsetBytes > io.Inodes.Truncation.LargestSizeBytes(inode) - lengthBytes)
            throw new FileSystemException(Errno.EFBIG, $"write of inode {inode.Number}",
                $"a file ends at {io.Inodes.Truncation.LargestSizeBytes(inode)}");
    }
}
