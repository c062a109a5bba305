using System.Runtime.InteropServices;
using ExtShell.Engine.Caching;
using ExtShell.Engine.Journal;
using ExtShell.Format.Checksums;
using ExtShell.Format.Errors;
using ExtShell.Format.Layout;
using ExtShell.Format.OnDisk;

namespace ExtShell.Engine.Allocation;

/// <summary>The superblock as a view over its block in the buffer cache.</summary>
public sealed class SuperBlockStore
{
    private readonly VolumeGeometry _geometry;
    private readonly int _offsetInBlockBytes;

    /// <summary>Reads and verifies the superblock.</summary>
    /// <exception cref="CorruptionException">The checksum does not match.</exception>
    public SuperBlockStore(VolumeGeometry geometry, BufferCache buffers)
    {
        _geometry = geometry;
        long block = geometry.SuperBlockBlock(0);
        Buffer = buffers.Get(block);
        _offsetInBlockBytes = (int)(SuperBlock.OffsetBytes - geometry.BlockOffsetBytes(block));
        if (!geometry.HasMetadataChecksum)
            return;
        ChecksumRule rule = Ext4Checksums.SuperBlock(SuperBlock.OffsetBytes);
        if (!Buffer.TryReadVerified(_offsetInBlockBytes, SuperBlock.SizeBytes, rule, out _))
            throw new CorruptionException(SuperBlock.OffsetBytes, "superblock", "s_checksum", "the sum of the superblock", "another");
    }

    /// <summary>The block that holds the superblock.</summary>
    public Buffer Buffer { get; }

    /// <summary>The superblock as it is now; valid until the block is next changed.</summary>
    public ref readonly SuperBlock Value => ref MemoryMarshal.AsRef<SuperBlock>(Buffer.Read(_offsetInBlockBytes, SuperBlock.SizeBytes));

    /// <summary>The superblock, to change it under <paramref name="handle"/> (one block); <see cref="Dirty"/> follows.</summary>
    public ref SuperBlock GetWriteAccess(Handle handle) => ref View(handle.GetWriteAccess(Buffer));

    /// <summary>Stores the checksum after a change and hands the block to the transaction.</summary>
    public void Dirty(Handle handle)
    {
        StoreChecksum(handle.GetWriteAccess(Buffer));
        handle.Dirty(Buffer);
    }

    /// <summary>The superblock inside the bytes of its block.</summary>
    public ref SuperBlock View(Span<byte> block) => ref MemoryMarshal.AsRef<SuperBlock>(block[_offsetInBlockBytes..]);

    /// <summary>
    /// Stores the checksum in the bytes of the superblock's block, if the volume has them: for who writes the block without a handle.
    /// </summary>
    public void StoreChecksum(Span<byte> block)
    {
        if (_geometry.HasMetadataChecksum)
            Ext4Checksums.SuperBlock(SuperBlock.OffsetBytes).Store(block, SuperBlock.OffsetBytes - _offsetInBlockBytes);
    }
}
