using System.Runtime.InteropServices;
using ExtShell.Engine.Devices;
using ExtShell.Format.Checksums;
using ExtShell.Format.Layout;
using ExtShell.Format.OnDisk;

namespace ExtShell.Engine.Volumes.Making;

/// <summary>Writes the inodes and the content of the files that a new volume has.</summary>
internal sealed class SystemFileWriter(
    IStorage storage, VolumeGeometry geometry, FeatureChoice features, GroupTables tables, SystemFiles files, Timestamp now)
{
    private const int InodeMapBytes = InodeRecord.BlockSizeBytes;
    private const InodeMode OwnerOnly = InodeMode.UserRead | InodeMode.UserWrite;
    private readonly byte[] _block = new byte[geometry.BlockSizeBytes];

    private bool HasExtents => (features.Incompatible & IncompatibleFeatures.Extents) != 0;

    /// <summary>Writes everything, and notes the journal's backup in the superblock.</summary>
    public void Write(ref SuperBlock superBlock, bool lazyJournal)
    {
        WriteReservedInodes();
        WriteDirectories();
        if (files.ResizeMapBlock != 0)
            WriteResizeInode();
        if (files.Journal is { } journal)
            WriteJournal(journal, lazyJournal, ref superBlock);
        if (files.OrphanFile is { } orphanFile)
            WriteOrphanFile(orphanFile);
    }

    private void WriteReservedInodes()
    {
        for (uint inode = 1; inode < InodeNumbers.FirstUnreserved; inode++)
        {
            InodeRecord record = default;
            if (inode == InodeNumbers.BadBlocks)
                SetTimes(ref record);
            WriteInode(inode, record);
        }
    }

    private void WriteDirectories()
    {
        const uint root = InodeNumbers.Root;
        const uint lostAndFound = SystemFiles.LostAndFoundInode;
        WriteFile(root, InodeMode.Directory | Volume.DefaultDirectoryPermissions, links: 3, files.Root);
        WriteFile(lostAndFound, InodeMode.Directory | OwnerOnly | InodeMode.UserExecute, links: 2, files.LostAndFound);
        WriteDirectoryBlock(root, files.Root.Physical(0), root, root, "lost+found"u8, lostAndFound);
        WriteDirectoryBlock(lostAndFound, files.LostAndFound.Physical(0), lostAndFound, root, default, 0);
        for (int i = 1; i < files.LostAndFound.LengthBlocks; i++)
            WriteDirectoryBlock(lostAndFound, files.LostAndFound.Physical(i), 0, 0, default, 0);
    }

    /// <summary>
    /// Writes a directory's block with the entries "." and ".." and one more, or one unused entry if <paramref name="self"/> is 0.
    /// </summary>
    private void WriteDirectoryBlock(uint directory, long block, uint self, uint parent, ReadOnlySpan<byte> name, uint named)
    {
        Span<byte> bytes = _block;
        bytes.Clear();
        int end = bytes.Length - (geometry.HasMetadataChecksum ? DirectoryTail.SizeBytes : 0);
        FileType type = geometry.HasFileType ? FileType.Directory : FileType.Unknown;
        if (self == 0)
        {
            DirectoryEntry.Write(bytes[..end], bytes.Length, 0, FileType.Unknown, default);
        }
        else
        {
            int dot = DirectoryEntry.RecordLengthFor(1);
            int dotDot = DirectoryEntry.RecordLengthFor(2);
            DirectoryEntry.Write(bytes[..dot], bytes.Length, self, type, "."u8);
            DirectoryEntry.Write(named == 0 ? bytes[dot..end] : bytes.Slice(dot, dotDot), bytes.Length, parent, type, ".."u8);
            if (named != 0)
                DirectoryEntry.Write(bytes[(dot + dotDot)..end], bytes.Length, named, type, name);
        }

        if (geometry.HasMetadataChecksum)
        {
            MemoryMarshal.AsRef<DirectoryTail>(bytes[end..]).Initialize();
            Ext4Checksums.DirectoryBlock(geometry, geometry.InodeChecksumSeed(directory, 0), 0).Store(bytes, 0);
        }

        storage.Write(geometry.BlockOffsetBytes(block), bytes);
    }

    /// <summary>
    /// The resize inode maps the blocks kept for growing: its double indirect block names those of the volume's beginning, and each of
    /// these is taken for an indirect block that names its copies behind the copies of the superblock.
    /// </summary>
    private void WriteResizeInode()
    {
        int perBlock = geometry.BlockSizeBytes / 4;
        var doubleIndirect = new byte[geometry.BlockSizeBytes];
        List<int> copies = Enumerable.Range(1, geometry.GroupCount - 1).Where(geometry.HasSuperBlock).ToList();
        for (int i = 0; i < geometry.ReservedGdtBlocks; i++)
        {
            int place = geometry.DescriptorBlocksCount + i;
            long block = geometry.SuperBlockBlock(0) + 1 + place;
            MapWriter.SetPointer(doubleIndirect, place % perBlock, block);
            Array.Clear(_block);
            for (int copy = 0; copy < copies.Count; copy++)
                MapWriter.SetPointer(_block, copy, geometry.GroupFirstBlock(copies[copy]) + 1 + place);
            storage.Write(geometry.BlockOffsetBytes(block), _block);
        }

        storage.Write(geometry.BlockOffsetBytes(files.ResizeMapBlock), doubleIndirect);
        InodeRecord record = NewRecord(InodeMode.Regular | OwnerOnly, links: 1);
        record.Size = SystemFiles.ResizeSizeBytes(geometry);
        record.BlocksCount = (1 + ((long)geometry.ReservedGdtBlocks * (1 + copies.Count))) * (geometry.BlockSizeBytes / 512);
        MapWriter.SetPointer(MapOf(ref record), BlockMapSteps.DirectBlocks + 1, files.ResizeMapBlock);
        WriteInode(InodeNumbers.Resize, record);
    }

    private void WriteJournal(FilePlace journal, bool lazy, ref SuperBlock superBlock)
    {
        InodeRecord record = WriteFile(InodeNumbers.Journal, InodeMode.Regular | OwnerOnly, links: 1, journal);
        if (!lazy)
        {
            foreach ((_, long first, int length) in journal.Extents)
                storage.WriteZeroes(geometry.BlockOffsetBytes(first), geometry.BlockOffsetBytes(length));
        }

        Array.Clear(_block);
        JournalPlace.WriteSuperBlock(geometry, journal.LengthBlocks, _block);
        storage.Write(geometry.BlockOffsetBytes(journal.Physical(0)), _block);

        superBlock.JournalInode = InodeNumbers.Journal;
        superBlock.JournalBackupType = 1;
        Span<byte> backup = MemoryMarshal.AsBytes((Span<Format.Endian.Le32>)superBlock.JournalBlocks);
        MapOf(ref record).CopyTo(backup);
        superBlock.JournalBlocks[15] = record.SizeHigh;
        superBlock.JournalBlocks[16] = record.SizeLow;
    }

    private void WriteOrphanFile(FilePlace orphanFile)
    {
        WriteFile(SystemFiles.OrphanFileInode, InodeMode.Regular | OwnerOnly, links: 1, orphanFile);
        uint seed = geometry.InodeChecksumSeed(SystemFiles.OrphanFileInode, 0);
        Array.Clear(_block);
        ref OrphanBlockTail tail = ref MemoryMarshal.AsRef<OrphanBlockTail>(_block.AsSpan(_block.Length - OrphanBlockTail.SizeBytes));
        tail.Magic = OrphanBlockTail.ExpectedMagic;
        for (int i = 0; i < orphanFile.LengthBlocks; i++)
        {
            long block = orphanFile.Physical(i);
            if (geometry.HasMetadataChecksum)
                Ext4Checksums.OrphanBlock(geometry, seed, block).Store(_block, geometry.BlockOffsetBytes(block));
            storage.Write(geometry.BlockOffsetBytes(block), _block);
        }
    }

    private InodeRecord WriteFile(uint inode, InodeMode mode, ushort links, FilePlace place)
    {
        InodeRecord record = NewRecord(mode, links);
        record.Size = geometry.BlockOffsetBytes(place.LengthBlocks);
        record.BlocksCount = place.SpaceBlocks * (geometry.BlockSizeBytes / 512);
        if (HasExtents)
        {
            record.Flags = InodeFlags.Extents;
            MapWriter.WriteExtents(storage, geometry, inode, place, MapOf(ref record));
        }
        else
        {
            MapWriter.WriteBlockMap(storage, geometry, place, MapOf(ref record));
        }

        WriteInode(inode, record);
        return record;
    }

    private InodeRecord NewRecord(InodeMode mode, ushort links)
    {
        InodeRecord record = default;
        record.Mode = mode;
        record.LinksCount = links;
        if (geometry.InodeSizeBytes > InodeRecord.ShortSizeBytes)
            record.ExtraSize = InodeRecord.FullExtraSize;
        SetTimes(ref record);
        return record;
    }

    private void SetTimes(ref InodeRecord record)
    {
        record.AccessTime = record.ChangeTime = record.ModifyTime = now;
        record.CreationTime = now;
    }

    private void WriteInode(uint inode, in InodeRecord record)
    {
        Span<byte> bytes = stackalloc byte[geometry.InodeSizeBytes];
        bytes.Clear();
        record.Store(bytes);
        if (geometry.HasMetadataChecksum)
            Ext4Checksums.Inode(geometry, inode, 0, record.ExtraSize).Store(bytes, 0);
        storage.Write(geometry.InodeOffsetBytes(inode, tables.InodeTable(geometry.GroupOfInode(inode))), bytes);
    }

    private static Span<byte> MapOf(ref InodeRecord record) => MemoryMarshal.CreateSpan(ref record.Block[0], InodeMapBytes);
}
