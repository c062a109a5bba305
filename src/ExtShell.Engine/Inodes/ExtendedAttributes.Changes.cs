using System.Runtime.InteropServices;
using ExtShell.Engine.Allocation;
using ExtShell.Engine.Journal;
using ExtShell.Format.Checksums;
using ExtShell.Format.Errors;
using ExtShell.Format.OnDisk;

namespace ExtShell.Engine.Inodes;

/// <remarks>
/// Changing.
/// (2) A change is made under one handle, with no wait in it; what can fail comes first, so that a change that fails has changed nothing.
/// (3) An attribute is in the inode if it fits there, else in the block, never in both.
/// (4) A block that several inodes share is not changed: who changes one of its attributes leaves it, for a block that holds what it wants
/// or a new one. Blocks are found by their hash among those that this mount has changed, and compared.
/// </remarks>
public sealed partial class ExtendedAttributes
{
    /// <summary>
    /// Credits that a change needs at most: the inode, both blocks, allocating one and freeing the other, and the superblock.
    /// </summary>
    public const int CreditsToChange = 4 + BlockAllocator.CreditsToAllocate + BlockAllocator.CreditsToFree;

    private const int MostSharers = 1024;

    private readonly Dictionary<uint, List<long>> _blocksByHash = [];

    /// <summary>Whether the inode has any attributes.</summary>
    public bool HasAny(Inode inode) => inode.AttributeBlock != 0 || HasInside(inode);

    /// <summary>Whether it has capabilities, which a write takes away; an empty attribute says nothing of them.</summary>
    internal bool HasCapability(Inode inode) =>
        HasAny(inode)
        && (EntriesInside(inode).Find(AttributeName.Capability) ?? EntriesInBlock(inode).Find(AttributeName.Capability)) is { Length: > 0 };

    /// <summary>Sets an attribute. The caller sets the change time and stores the inode.</summary>
    /// <param name="handle">Has <see cref="CreditsToChange"/> credits.</param>
    /// <param name="inode">The inode.</param>
    /// <param name="name">The attribute.</param>
    /// <param name="value">Its value.</param>
    /// <param name="mode">What is expected to be there.</param>
    /// <returns>Whether anything changed: not where it has that value already.</returns>
    /// <exception cref="FileSystemException">EEXIST, ENODATA: of the mode; ENOSPC: no room in inode and block, or on the
    /// volume.</exception>
    internal bool Set(Handle handle, Inode inode, in AttributeName name, byte[] value, XattrMode mode)
    {
        AttributeEntries inside = EntriesInside(inode);
        AttributeEntries block = EntriesInBlock(inode);
        byte[]? known = inside.Find(name) ?? block.Find(name);
        if (known is not null && mode == XattrMode.Create)
            throw new FileSystemException(Errno.EEXIST, $"set attribute of {inode}", "it is there already");
        if (known is null && mode == XattrMode.Replace)
            throw Missing(inode);
        if (known is not null && known.AsSpan().SequenceEqual(value))
            return false;
        bool isInBlock = block.Find(name) is not null;
        if (inside.TrySet(name, value)) // (3)
        {
            block.Remove(name);
            if (isInBlock)
                StoreBlock(handle, inode, block);
            StoreInside(inode, inside);
        }
        else if (block.TrySet(name, value))
        {
            StoreBlock(handle, inode, block); // (2)
            inside.Remove(name);
            StoreInside(inode, inside);
        }
        else
        {
            throw new FileSystemException(
                Errno.ENOSPC, $"set attribute of {inode}", "neither the inode nor its attribute block has room for it");
        }

        StoreFeature(handle);
        return true;
    }

    /// <summary>Takes an attribute away. The caller sets the change time and stores the inode.</summary>
    /// <exception cref="FileSystemException">ENODATA: there is none of that name; ENOSPC: a shared block has to be copied.</exception>
    internal void Remove(Handle handle, Inode inode, in AttributeName name)
    {
        AttributeEntries inside = EntriesInside(inode);
        AttributeEntries block = EntriesInBlock(inode);
        if (inside.Find(name) is not null)
        {
            inside.Remove(name);
            StoreInside(inode, inside);
        }
        else if (block.Find(name) is not null)
        {
            block.Remove(name);
            StoreBlock(handle, inode, block);
        }
        else
        {
            throw Missing(inode);
        }
    }

    private static FileSystemException Missing(Inode inode) => new(Errno.ENODATA, $"attribute of {inode}", "there is none of that name");

    private AttributeEntries EntriesInside(Inode inode)
    {
        int room = Math.Max(0, inode.AttributeBytes.Length - XattrHeader.InInodeSizeBytes);
        return Read(InInode(inode), new AttributeEntries(isSorted: false, room));
    }

    private AttributeEntries EntriesInBlock(Inode inode) =>
        Read(InBlock(inode), new AttributeEntries(isSorted: true, _context.Geometry.BlockSizeBytes - XattrHeader.SizeBytes));

    private static AttributeEntries Read(Area area, AttributeEntries into)
    {
        for (int offset = area.FirstEntryOffset; area.TryRead(ref offset, out XattrEntry entry, out ReadOnlySpan<byte> name);)
            into.Add(new AttributeName((XattrNameIndex)entry.NameIndex, name.ToArray()), area.Value(entry));
        return into;
    }

    private static void StoreInside(Inode inode, AttributeEntries entries)
    {
        Span<byte> area = inode.AttributeBytes;
        if (area.Length < XattrHeader.InInodeSizeBytes)
            return;
        entries.Write(area[XattrHeader.InInodeSizeBytes..], 0);
        MemoryMarshal.Write(area, entries.IsEmpty ? 0u : XattrHeader.ExpectedMagic);
    }

    private void StoreBlock(Handle handle, Inode inode, AttributeEntries entries)
    {
        if (entries.IsEmpty)
        {
            Release(handle, inode);
            return;
        }

        var content = new byte[_context.Geometry.BlockSizeBytes];
        uint hash = entries.Hash;
        var header = new XattrHeader { Magic = XattrHeader.ExpectedMagic, ReferenceCount = 1, BlocksCount = 1, Hash = hash };
        MemoryMarshal.Write(content, in header);
        entries.Write(content.AsSpan(XattrHeader.SizeBytes), XattrHeader.SizeBytes);
        long old = inode.AttributeBlock;
        if (FindEqual(content, hash, old) is { } equal)
        {
            ShareWith(handle, inode, equal);
            return;
        }

        bool isShared = old != 0 && HeaderOf(_context.Buffers.Get(old).Read()).ReferenceCount.Value > 1;
        if (old == 0 || isShared) // (4)
        {
            BlockRun run = _context.Blocks.Allocate(handle, inode.AllocationGoal, 1, AllocationUse.None); // (2)
            Release(handle, inode);
            inode.AttributeBlock = run.FirstBlock;
            inode.ChangeBlocks(1);
        }

        Buffer buffer = _context.Buffers.Get(inode.AttributeBlock);
        bool isNew = inode.AttributeBlock != old;
        if (!isNew)
            Forget(HeaderOf(buffer.Read()).Hash, old);
        Write(handle, buffer, isNew ? handle.GetCreateAccess(buffer) : handle.GetWriteAccess(buffer), content);
        Remember(hash, buffer.Block);
    }

    private void ShareWith(Handle handle, Inode inode, long block)
    {
        Release(handle, inode);
        Buffer buffer = _context.Buffers.Get(block);
        Span<byte> bytes = handle.GetWriteAccess(buffer);
        ref XattrHeader header = ref MemoryMarshal.AsRef<XattrHeader>(bytes);
        header.ReferenceCount = header.ReferenceCount.Value + 1;
        StoreChecksum(handle, buffer, bytes);
        inode.AttributeBlock = block;
        inode.ChangeBlocks(1);
    }

    private void Write(Handle handle, Buffer buffer, Span<byte> bytes, ReadOnlySpan<byte> content)
    {
        content.CopyTo(bytes);
        StoreChecksum(handle, buffer, bytes);
    }

    private void StoreChecksum(Handle handle, Buffer buffer, Span<byte> bytes)
    {
        if (_context.Geometry.HasMetadataChecksum)
            Ext4Checksums.XattrBlock(_context.Geometry, buffer.Block).Store(bytes, buffer.OffsetBytes);
        handle.Dirty(buffer);
    }

    /// <summary>A block, not that one, that holds the same and may have another sharer. (4)</summary>
    private long? FindEqual(ReadOnlySpan<byte> content, uint hash, long notBlock)
    {
        if (hash == 0 || !_blocksByHash.TryGetValue(hash, out List<long>? candidates))
            return null;
        foreach (long block in candidates)
        {
            ReadOnlySpan<byte> bytes = _context.Buffers.Get(block).Read();
            bool isEqual = bytes[XattrHeader.SizeBytes..].SequenceEqual(content[XattrHeader.SizeBytes..]);
            if (block != notBlock && isEqual && HeaderOf(bytes).ReferenceCount.Value < MostSharers)
                return block;
        }

        return null;
    }

    private void Remember(uint hash, long block)
    {
        if (hash == 0)
            return;
        if (!_blocksByHash.TryGetValue(hash, out List<long>? blocks))
            _blocksByHash.Add(hash, blocks = []);
        if (!blocks.Contains(block))
            blocks.Add(block);
    }

    private void Forget(uint hash, long block)
    {
        if (_blocksByHash.TryGetValue(hash, out List<long>? blocks))
            blocks.Remove(block);
    }

    /// <summary>A volume with attributes says so (ext_attr).</summary>
    private void StoreFeature(Handle handle)
    {
        if (_context.SuperBlock.Value.Has(CompatibleFeatures.ExtendedAttributes))
            return;
        _context.SuperBlock.GetWriteAccess(handle).Compatible |= CompatibleFeatures.ExtendedAttributes;
        _context.SuperBlock.Dirty(handle);
    }

    private static XattrHeader HeaderOf(ReadOnlySpan<byte> block) => MemoryMarshal.Read<XattrHeader>(block);
}
