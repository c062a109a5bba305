using ExtShell.Engine.Allocation;
using ExtShell.Engine.Journal;
using ExtShell.Engine.Mapping;
using ExtShell.Format.Errors;
using ExtShell.Format.OnDisk;

namespace ExtShell.Engine.Inodes;

/// <summary>Reads and writes symbolic links: a path of less than 60 bytes is in the inode, a longer one in one block.</summary>
public sealed class SymbolicLinks
{
    private readonly VolumeContext _context;

    /// <summary>Makes it for a volume.</summary>
    public SymbolicLinks(VolumeContext context) => _context = context;

    /// <summary>The path's bytes.</summary>
    /// <exception cref="FileSystemException">EINVAL: it is no symbolic link. EOPNOTSUPP: it is encrypted or in the attributes.</exception>
    /// <exception cref="CorruptionException">Its size or its block cannot be a link's.</exception>
    public byte[] Read(Inode inode)
    {
        if (!inode.IsSymbolicLink)
            throw new FileSystemException(Errno.EINVAL, $"read link {inode}", "it is no symbolic link");
        if ((inode.Flags & InodeFlags.Encrypted) != 0)
            throw new FileSystemException(Errno.EOPNOTSUPP, $"read link {inode}", "it is encrypted");
        long most = Math.Min(FileName.MaxPathLengthBytes, _context.Geometry.BlockSizeBytes);
        if (inode.SizeBytes <= 0 || inode.SizeBytes > most)
            throw Wrong(inode, "i_size", $"1 to {most} for a symbolic link", $"{inode.SizeBytes}");
        ReadOnlySpan<byte> path = inode.IsShortLink ? inode.Root[..(int)inode.SizeBytes] : ReadBlock(inode);
        int end = path.IndexOf((byte)0);
        if (end >= 0)
            throw Wrong(inode, "path of the link", $"{inode.SizeBytes} bytes without a zero", $"a zero at {end}");
        return path.ToArray();
    }

    /// <summary>Gives a new link its path, and stores the inode. Needs the credits of mapping one block, and one.</summary>
    /// <exception cref="FileSystemException">ENOSPC: a long path needs a block.</exception>
    internal void Write(Handle handle, Inode inode, ReadOnlySpan<byte> path)
    {
        if (path.Length < InodeRecord.BlockSizeBytes)
        {
            path.CopyTo(inode.Root);
        }
        else
        {
            Buffer buffer = _context.Buffers.Get(inode.Map.Allocate(handle, 0, 1, MappingState.Written).PhysicalBlock);
            path.CopyTo(handle.GetCreateAccess(buffer));
            handle.Dirty(buffer);
        }

        inode.SizeBytes = inode.DiskSizeBytes = path.Length;
        inode.MarkDirty(handle);
    }

    private ReadOnlySpan<byte> ReadBlock(Inode inode)
    {
        BlockMapping mapping = inode.Map.Lookup(0, 1);
        if (mapping.State != MappingState.Written)
            throw Wrong(inode, "block 0", "a written block", $"{mapping.State}");
        return _context.Buffers.Get(mapping.PhysicalBlock).Read(0, (int)inode.SizeBytes);
    }

    private static CorruptionException Wrong(Inode inode, string field, string expected, string found) =>
        new(inode.ImageOffsetBytes, inode.ToString(), field, expected, found);
}
