using ExtShell.Format.Layout;
using ExtShell.Format.OnDisk;

namespace ExtShell.Check.Facts;

/// <summary>Reads one inode with its map, its attributes, and its entries if it is a directory: the local facts.</summary>
/// <remarks>
/// (1) A record of zeroes is a free inode whose table was never written; it has no sum. To see that, the record is read before it is
/// verified; it lies in one atomic unit, so that this decides no more than the sum would.
/// (2) An inode without links is free, unless it is reserved or an orphan.
/// (3) What the map says is judged by <see cref="SizeCheck"/>; what the record says by <see cref="RecordCheck"/>.
/// </remarks>
internal sealed class InodeReader
{
    private readonly Volume _volume;
    private readonly MapScan _scan;
    private readonly ExtentReader _extents;
    private readonly IndirectReader _indirect;
    private readonly AttributeReader _attributes;
    private readonly DirectoryReader _directories;
    private readonly RecordCheck _recordCheck;
    private readonly SizeCheck _sizeCheck;

    public InodeReader(Volume volume)
    {
        _volume = volume;
        _scan = new MapScan();
        _extents = new ExtentReader(volume, _scan);
        _indirect = new IndirectReader(volume, _scan);
        _attributes = new AttributeReader(volume);
        _directories = new DirectoryReader(volume);
        _recordCheck = new RecordCheck(volume, _scan.Findings);
        _sizeCheck = new SizeCheck(volume, _scan);
    }

    public AttributeReader Attributes => _attributes;

    /// <summary>Reads the inode; null if it is free and nothing is wrong with it.</summary>
    /// <param name="inode">Its number.</param>
    /// <param name="offsetBytes">Where its record is.</param>
    /// <param name="isOrphan">Whether it is on the list of orphans, or in the orphan file.</param>
    /// <param name="previous">Facts of before, from which unchanged directory blocks may be taken, or null.</param>
    /// <param name="changed">What may have changed since.</param>
    public InodeFacts? Read(uint inode, long offsetBytes, bool isOrphan, InodeFacts? previous = null, ChangedRanges? changed = null)
    {
        ReadOnlySpan<byte> stored = _volume.Source.Read(offsetBytes, _volume.Geometry.InodeSizeBytes);
        InodeRecord record = InodeRecord.Load(stored);
        bool isReserved = inode < _volume.Geometry.FirstInode && inode != InodeNumbers.Root;
        bool isFree = record.LinksCount.Value == 0 && !isReserved && !isOrphan; // (2)
        if (isFree && !stored.ContainsAnyExcept((byte)0)) // (1)
            return null;
        if (!InodeRecords.IsVerified(_volume, inode, offsetBytes, record))
        {
            var place = new FindingPlace(FindingStructure.Inode, inode);
            _scan.Findings.Add(FindingCode.InodeChecksumMismatch, place, "the inode's sum does not match");
            return new InodeFacts { Number = inode, IsUnreadable = true, Findings = _scan.Findings.Take() };
        }

        if (!isFree)
            return ReadUsed(inode, record, stored, isReserved, isOrphan, previous, changed);
        _recordCheck.CheckFree(inode, record);
        return _scan.Findings.IsEmpty ? null : new InodeFacts { Number = inode, IsFree = true, Findings = _scan.Findings.Take() };
    }

    private InodeFacts ReadUsed(
        uint inode, in InodeRecord record, ReadOnlySpan<byte> stored, bool isReserved, bool isOrphan,
        InodeFacts? previous, ChangedRanges? changed)
    {
        _scan.Begin(inode, record.IsDirectory);
        if (isReserved)
            _recordCheck.CheckReserved(inode, record);
        else
            _recordCheck.CheckUsed(inode, record, isOrphan);
        AttributeFacts[] attributes =
            _attributes.ReadInInode(AttributeArea(record, stored), _scan.Findings, new FindingPlace(FindingStructure.Attributes, inode));
        InodeContent content = InodeContents.Of(_volume, inode, record);
        ReadOnlySpan<byte> blockField = stored.Slice(0x28, InodeRecord.BlockSizeBytes);
        uint seed = _volume.Geometry.InodeChecksumSeed(inode, record.Generation);
        if (content == InodeContent.Extents)
            _extents.Read(blockField, seed);
        else if (content is InodeContent.BlockMap or InodeContent.ResizeMap)
            _indirect.Read(blockField, content == InodeContent.ResizeMap);
        long attributeBlock = _recordCheck.CheckAttributeBlock(inode, record);
        if (attributeBlock != 0)
            _scan.CountBlock();
        _sizeCheck.Check(inode, record, content, _attributes.InlineValue.LengthBytes, isReserved, isOrphan);

        byte[] inline = ReadInlineBytes(inode, record, content, blockField, stored);
        DirectoryFacts? directory = ReadDirectory(inode, record, content, seed, blockField, stored, previous, changed);
        bool isResize = content == InodeContent.ResizeMap;
        return new InodeFacts
        {
            Number = inode,
            Mode = record.Mode,
            Owner = record.Uid,
            Group = record.Gid,
            SizeBytes = record.Size,
            LinkCount = record.LinksCount,
            Generation = record.Generation,
            Flags = record.Flags,
            IsOrphan = isOrphan,
            HasUnknownParts = _scan.HasUnknownParts,
            RunArray = isResize ? [] : _scan.TakeRuns(),
            RunKind = RunKindOf(inode, record),
            MapBlocks = isResize ? ResizeInodeCheck.OwnBlocks(_volume, record) : _scan.TakeMapBlocks(),
            AttributeBlock = attributeBlock,
            Attributes = attributes,
            InlineArray = inline,
            Directory = directory,
            Findings = _scan.Findings.Take(),
        };
    }

    private ReadOnlySpan<byte> AttributeArea(in InodeRecord record, ReadOnlySpan<byte> stored)
    {
        int begin = InodeRecord.ShortSizeBytes + record.ExtraSize.Value;
        bool hasArea = stored.Length > InodeRecord.ShortSizeBytes && record.ExtraSize.Value >= 4
            && begin <= stored.Length - 4 && begin % 4 == 0;
        return hasArea ? stored[begin..] : default;
    }

    private ReadOnlySpan<byte> InlineAttribute(in InodeRecord record, ReadOnlySpan<byte> stored)
    {
        ReadOnlySpan<byte> area = AttributeArea(record, stored);
        (int at, int lengthBytes) = _attributes.InlineValue;
        return !_attributes.HasInlineValue || area.IsEmpty ? default : area.Slice(XattrHeader.InInodeSizeBytes + at, lengthBytes);
    }

    private byte[] ReadInlineBytes(
        uint inode, in InodeRecord record, InodeContent content, ReadOnlySpan<byte> blockField, ReadOnlySpan<byte> stored)
    {
        switch (content)
        {
            case InodeContent.FastLink:
                return blockField[..(int)Math.Clamp(record.Size, 0, blockField.Length)].ToArray();
            case InodeContent.Device:
                return blockField[..8].ToArray();
            case InodeContent.Inline:
                if (!_attributes.HasInlineValue)
                    _scan.Findings.Add(
                        FindingCode.InlineDataInvalid, new FindingPlace(FindingStructure.Inode, inode),
                        "inline data should have the attribute system.data");
                byte[] all = [.. blockField, .. InlineAttribute(record, stored)];
                return all[..(int)Math.Clamp(record.Size, 0, all.Length)];
            case InodeContent.Extents or InodeContent.BlockMap when record.IsSymbolicLink:
                return _sizeCheck.ReadLinkTarget(record.Size);
            default:
                return [];
        }
    }

    private DirectoryFacts? ReadDirectory(
        uint inode, in InodeRecord record, InodeContent content, uint seed, ReadOnlySpan<byte> blockField, ReadOnlySpan<byte> stored,
        InodeFacts? previous, ChangedRanges? changed)
    {
        if (!record.IsDirectory || inode < _volume.Geometry.FirstInode && inode != InodeNumbers.Root)
            return null;
        if (content == InodeContent.Inline)
            return _directories.ReadInline(inode, blockField, InlineAttribute(record, stored));
        if (_scan.BlocksCount > _volume.Geometry.BlocksCount)
        {
            _scan.Unknown();
            return new DirectoryFacts { Blocks = [] };
        }

        bool isSame = previous is { Directory: not null } && previous.Generation == record.Generation.Value;
        bool isIndexed = record.Has(InodeFlags.DirectoryIndex) && _volume.HasDirectoryIndex;
        return _directories.Read(inode, seed, isIndexed, _scan.Runs, isSame ? previous!.Directory : null, changed);
    }

    private ClaimKind RunKindOf(uint inode, in InodeRecord record)
    {
        bool isOrphanFile = _volume.SuperBlock.Has(CompatibleFeatures.OrphanFile) && inode == _volume.SuperBlock.OrphanFileInode.Value;
        return record.IsDirectory || record.IsSymbolicLink || isOrphanFile ? ClaimKind.Content : ClaimKind.Data;
    }
}
