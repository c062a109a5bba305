using System.Runtime.InteropServices;
using ExtShell.Format.Checksums;
using ExtShell.Format.Layout;
using ExtShell.Format.OnDisk;
using ExtShell.Format.Sources;

namespace ExtShell.Format.Tests.Checksums;

/// <summary>
/// Visits every checksummed structure of a volume that a reference tool made, and notes how many of each kind match, and which don't. It
/// trusts the image: it is for reference images only.
/// </summary>
internal sealed class VolumeWalk
{
    private readonly MemorySource _source;
    private readonly VolumeGeometry _geometry;
    private readonly SuperBlock _superBlock;

    public VolumeWalk(byte[] image)
    {
        _source = new MemorySource(image);
        _superBlock = SuperBlockReader.Read(_source);
        _geometry = VolumeGeometry.From(_superBlock, image.Length);
    }

    public SortedDictionary<string, int> Matching { get; } = new(StringComparer.Ordinal);

    public List<string> Wrong { get; } = [];

    public VolumeGeometry Geometry => _geometry;

    public MemorySource Source => _source;

    public VolumeWalk Run()
    {
        for (int group = 0; group < _geometry.GroupCount; group++)
            VisitGroup(group);
        return this;
    }

    public InodeRecord ReadInode(uint inode, out long offsetBytes)
    {
        GroupDescriptor descriptor = ReadDescriptor(_geometry.GroupOfInode(inode), out _);
        offsetBytes = _geometry.InodeOffsetBytes(inode, descriptor.InodeTable(_geometry.Is64Bit));
        return InodeRecord.Load(_source.Read(offsetBytes, _geometry.InodeSizeBytes));
    }

    /// <summary>The blocks of a file with extents, in order; tree blocks are visited on the way.</summary>
    public List<long> FileBlocks(InodeRecord record, uint seed)
    {
        var blocks = new List<long>();
        Span<byte> root = record.Block;
        VisitExtents(root.ToArray(), seed, blocks);
        return blocks;
    }

    private void VisitGroup(int group)
    {
        GroupDescriptor descriptor = ReadDescriptor(group, out long descriptorOffsetBytes);
        bool is64Bit = _geometry.Is64Bit;
        if (_geometry.HasMetadataChecksum || _geometry.HasGroupDescriptorChecksum)
            Note("descriptor", $"group {group}", Ext4Checksums.GroupDescriptor(_geometry, group, descriptorOffsetBytes));
        if (_geometry.HasMetadataChecksum)
            VisitBitmaps(group, descriptor, descriptorOffsetBytes);
        if ((descriptor.GroupFlags & GroupFlags.InodeUninitialized) != 0)
            return;

        int used = _geometry.InodesPerGroup - descriptor.UnusedInodesCount(is64Bit);
        for (int index = 0; index < used; index++)
            VisitInode(_geometry.GroupFirstInode(group) + (uint)index, descriptor.InodeTable(is64Bit));
    }

    private void VisitBitmaps(int group, in GroupDescriptor descriptor, long descriptorOffsetBytes)
    {
        bool is64Bit = _geometry.Is64Bit;
        uint mask = is64Bit ? 0xFFFFFFFF : 0xFFFF;
        if ((descriptor.GroupFlags & GroupFlags.BlockUninitialized) == 0)
        {
            long offsetBytes = _geometry.BlockOffsetBytes(descriptor.BlockBitmap(is64Bit));
            Note("block bitmap", $"group {group}", Ext4Checksums.BlockBitmap(_geometry, offsetBytes, descriptorOffsetBytes));
            Assert.Equal(
                descriptor.BlockBitmapChecksum(is64Bit),
                Ext4Checksums.BlockBitmapSum(_geometry, _source.Read(offsetBytes, _geometry.BlockSizeBytes)) & mask);
        }

        if ((descriptor.GroupFlags & GroupFlags.InodeUninitialized) == 0)
        {
            long offsetBytes = _geometry.BlockOffsetBytes(descriptor.InodeBitmap(is64Bit));
            Note("inode bitmap", $"group {group}", Ext4Checksums.InodeBitmap(_geometry, offsetBytes, descriptorOffsetBytes));
            Assert.Equal(
                descriptor.InodeBitmapChecksum(is64Bit),
                Ext4Checksums.InodeBitmapSum(_geometry, _source.Read(offsetBytes, _geometry.BlockSizeBytes)) & mask);
        }
    }

    private void VisitInode(uint inode, long tableBlock)
    {
        long offsetBytes = _geometry.InodeOffsetBytes(inode, tableBlock);
        InodeRecord record = InodeRecord.Load(_source.Read(offsetBytes, _geometry.InodeSizeBytes));
        if (!_geometry.HasMetadataChecksum || record.LinksCount.Value == 0)
            return;
        Note("inode", $"inode {inode}", Ext4Checksums.Inode(_geometry, inode, offsetBytes, record.ExtraSize));
        if (record.FileAcl != 0)
            Note("xattr block", $"inode {inode}", Ext4Checksums.XattrBlock(_geometry, record.FileAcl));
        if (!record.Has(InodeFlags.Extents) || (record.IsSymbolicLink && record.Size < InodeRecord.BlockSizeBytes))
            return;

        uint seed = _geometry.InodeChecksumSeed(inode, record.Generation);
        List<long> blocks = FileBlocks(record, seed);
        if (record.IsDirectory)
        {
            for (int i = 0; i < blocks.Count; i++)
                VisitDirectoryBlock(inode, record, seed, i, blocks[i]);
        }

        if (inode == _superBlock.OrphanFileInode.Value)
        {
            foreach (long block in blocks)
                Note("orphan block", $"block {block}", Ext4Checksums.OrphanBlock(_geometry, seed, block));
        }
    }

    private void VisitExtents(byte[] node, uint seed, List<long> blocks)
    {
        ref readonly ExtentHeader header = ref MemoryMarshal.AsRef<ExtentHeader>(node.AsSpan());
        Assert.Equal(ExtentHeader.ExpectedMagic, header.Magic.Value);
        for (int i = 1; i <= header.EntriesCount.Value; i++)
        {
            Span<byte> entry = node.AsSpan(i * ExtentHeader.SizeBytes, ExtentHeader.SizeBytes);
            if (header.Depth.Value == 0)
            {
                ExtentLeaf leaf = MemoryMarshal.Read<ExtentLeaf>(entry);
                for (int block = 0; block < leaf.LengthBlocks; block++)
                    blocks.Add(leaf.StartBlock + block);
                continue;
            }

            long child = MemoryMarshal.Read<ExtentIndex>(entry).ChildBlock;
            byte[] below = _source.Read(_geometry.BlockOffsetBytes(child), _geometry.BlockSizeBytes).ToArray();
            int max = MemoryMarshal.AsRef<ExtentHeader>(below.AsSpan()).MaxEntriesCount;
            Assert.Equal(ExtentHeader.BlockMaxEntriesCount(_geometry.BlockSizeBytes), max);
            if (_geometry.HasMetadataChecksum)
                Note("extent block", $"block {child}", Ext4Checksums.ExtentBlock(seed, _geometry.BlockOffsetBytes(child), max));
            VisitExtents(below, seed, blocks);
        }
    }

    private void VisitDirectoryBlock(uint inode, InodeRecord record, uint seed, int index, long block)
    {
        long offsetBytes = _geometry.BlockOffsetBytes(block);
        ReadOnlySpan<byte> bytes = _source.Read(offsetBytes, _geometry.BlockSizeBytes);
        bool isIndexed = record.Has(InodeFlags.DirectoryIndex);
        bool isRoot = isIndexed && index == 0;
        ref readonly DirectoryEntryHeader first = ref MemoryMarshal.AsRef<DirectoryEntryHeader>(bytes);
        bool isNode = isIndexed && !isRoot && first.Inode.Value == 0 && first.RecordLengthValue.Value == _geometry.BlockSizeBytes;
        if (!isRoot && !isNode)
        {
            Assert.True(MemoryMarshal.AsRef<DirectoryTail>(bytes[^DirectoryTail.SizeBytes..]).IsTail);
            Note("directory block", $"inode {inode} block {index}", Ext4Checksums.DirectoryBlock(_geometry, seed, offsetBytes));
            var reader = new DirectoryBlockReader(bytes, offsetBytes, hasTail: true);
            while (reader.MoveNext())
                Count(reader.Current.IsUsed ? "entry" : "unused entry");
            return;
        }

        int entries = isRoot ? DxRoot.EntriesOffsetBytes : DxNode.EntriesOffsetBytes;
        DxCountLimit countLimit = MemoryMarshal.Read<DxCountLimit>(bytes[entries..]);
        Assert.Equal((_geometry.BlockSizeBytes - entries - DxTail.SizeBytes) / DxEntry.SizeBytes, countLimit.Limit.Value);
        Note(isRoot ? "hash tree root" : "hash tree node", $"inode {inode} block {index}",
            Ext4Checksums.DxNode(seed, offsetBytes, entries, countLimit));
    }

    private GroupDescriptor ReadDescriptor(int group, out long offsetBytes)
    {
        offsetBytes = _geometry.DescriptorOffsetBytes(group);
        return GroupDescriptor.Load(_source.Read(offsetBytes, _geometry.DescriptorSizeBytes));
    }

    /// <summary>Counts a match, or says what differs.</summary>
    private void Note(string kind, string where, in ChecksumRule rule)
    {
        if (!rule.Matches(_source))
        {
            Wrong.Add($"{kind} of {where}: computed 0x{rule.Compute(_source):X8}, stored 0x{rule.Stored(_source):X8}");
            return;
        }

        Count(kind);
    }

    private void Count(string kind) => Matching[kind] = Matching.GetValueOrDefault(kind) + 1;
}
