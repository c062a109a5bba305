using ExtShell.Check.Facts;

namespace ExtShell.Check.Totals;

/// <summary>Which objects of a base the changed ranges of a state touch, so that they must be read again.</summary>
/// <remarks>
/// (1) What is decided and equals the base's bytes is not touched. What is undecided is: to compare it would decide it.
/// (2) Descriptors come first: they say how much of an inode table counts.
/// (3) Content that no check interprets (files' data, free blocks, the log) is touched by nobody.
/// </remarks>
internal sealed class TouchedObjects(VolumeView view, ChangedRanges changed)
{
    private readonly VolumeTotals _base = view.Base;
    private readonly Volume _volume = view.Volume;

    /// <summary>Inodes to read again.</summary>
    public SortedSet<uint> Inodes { get; } = [];

    /// <summary>Groups whose descriptor or bitmaps are touched.</summary>
    public SortedSet<int> Groups { get; } = [];

    /// <summary>Blocks of attributes to read again.</summary>
    public SortedSet<long> AttributeBlocks { get; } = [];

    public bool HasJournal { get; private set; }

    public bool HasKeptDescriptors { get; private set; }

    /// <summary>
    /// Finds them; false if a group's descriptor places something elsewhere or cannot be read, so that the whole must be checked.
    /// </summary>
    public bool Find()
    {
        foreach (ByteRange range in changed.Ranges) // (2)
        {
            if (!FindDescriptors(range))
                return false;
        }

        long journal = JournalCheck.SuperBlockBlock(
            _base.Volume, _base.Inodes.GetValueOrDefault(_base.Volume.SuperBlock.JournalInode.Value));
        HasJournal = journal >= 0 && changed.Touches(_volume.Geometry.BlockOffsetBytes(journal), _volume.BlockSizeBytes);
        foreach (ByteRange range in changed.Ranges)
        {
            FindPlaces(range);
            FindClaims(range);
        }

        return true;
    }

    private (long First, long End) BlocksOf(ByteRange range)
    {
        int shift = _volume.Geometry.BlockSizeShift;
        return (range.OffsetBytes >> shift, Math.Min(_volume.Geometry.BlocksCount, ((range.EndBytes - 1) >> shift) + 1));
    }

    private int FirstPlace(long block)
    {
        MetadataPlace[] places = _base.Layout.Places;
        int low = 0;
        int high = places.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (places[middle].EndBlock <= block)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    private bool FindDescriptors(ByteRange range)
    {
        (long first, long end) = BlocksOf(range);
        MetadataPlace[] places = _base.Layout.Places;
        for (int i = FirstPlace(first); i < places.Length && places[i].Block < end; i++)
        {
            if (places[i].Kind != MetadataKind.Descriptors)
                continue;
            int endGroup = Math.Min(_volume.Geometry.GroupCount, places[i].Group + _volume.Geometry.DescriptorsPerBlock);
            for (int group = places[i].Group; group < endGroup; group++)
            {
                if (Overlaps(range, _volume.Geometry.DescriptorOffsetBytes(group), _volume.Geometry.DescriptorSizeBytes)
                    && !ReadDescriptor(group))
                    return false;
            }
        }

        return true;
    }

    private bool ReadDescriptor(int group)
    {
        if (IsSame(_volume.Geometry.DescriptorOffsetBytes(group), _volume.Geometry.DescriptorSizeBytes))
            return true;
        GroupFacts before = _base.Groups[group];
        GroupFacts now = GroupFacts.Read(_volume, group);
        if (now.IsUnreadable || !now.IsSamePlaces(before))
            return false;
        view.SetGroup(now);
        Groups.Add(group);
        uint first = _volume.Geometry.GroupFirstInode(group);
        int from = Math.Min(before.UsableInodesCount, now.UsableInodesCount);
        int to = Math.Max(before.UsableInodesCount, now.UsableInodesCount);
        for (int i = from; i < to; i++)
            Inodes.Add(first + (uint)i);
        return true;
    }

    private void FindPlaces(ByteRange range)
    {
        (long first, long end) = BlocksOf(range);
        MetadataPlace[] places = _base.Layout.Places;
        for (int i = FirstPlace(first); i < places.Length && places[i].Block < end; i++)
        {
            MetadataPlace place = places[i];
            switch (place.Kind)
            {
                case MetadataKind.KeptDescriptors:
                    HasKeptDescriptors = true;
                    break;
                case MetadataKind.BlockBitmap or MetadataKind.InodeBitmap:
                    if (!IsSame(_volume.Geometry.BlockOffsetBytes(place.Block), _volume.BlockSizeBytes))
                        Groups.Add(place.Group);
                    break;
                case MetadataKind.InodeTable:
                    FindRecords(range, place);
                    break;
            }
        }
    }

    private void FindRecords(ByteRange range, MetadataPlace table)
    {
        int sizeBytes = _volume.Geometry.InodeSizeBytes;
        long tableBytes = _volume.Geometry.BlockOffsetBytes(table.Block);
        int usable = view.Group(table.Group).UsableInodesCount;
        long from = Math.Max(0, range.OffsetBytes - tableBytes) / sizeBytes;
        long to = Math.Min(usable, (range.EndBytes - tableBytes + sizeBytes - 1) / sizeBytes);
        uint first = _volume.Geometry.GroupFirstInode(table.Group);
        for (long i = from; i < to; i++)
        {
            if (!IsSame(tableBytes + (i * sizeBytes), sizeBytes))
                Inodes.Add(first + (uint)i);
        }
    }

    private void FindClaims(ByteRange range) // (3)
    {
        (long first, long end) = BlocksOf(range);
        ReadOnlySpan<ClaimSegment> segments = _base.Claims.Segments;
        for (int i = _base.Claims.IndexOf(first); i < segments.Length && segments[i].Block < end; i++)
        {
            ClaimSegment segment = segments[i];
            if (segment.Count == 1 && segment.Kind is ClaimKind.Data or ClaimKind.FileSystem)
                continue;
            long to = Math.Min(end, segment.EndBlock);
            for (long block = Math.Max(first, segment.Block); block < to; block++)
            {
                if (!IsSame(_volume.Geometry.BlockOffsetBytes(block), _volume.BlockSizeBytes))
                    Touch(segment, block);
            }
        }
    }

    private void Touch(in ClaimSegment segment, long block)
    {
        if (_base.AttributeBlocks.ContainsKey(block))
            AttributeBlocks.Add(block);
        if (segment.Count > 1)
            Inodes.UnionWith(_base.Contested);
        else if (segment.Kind != ClaimKind.Attributes)
            Inodes.Add(segment.Inode);
    }

    private bool IsSame(long offsetBytes, int lengthBytes) => // (1)
        !changed.Touches(offsetBytes, lengthBytes)
        || (_volume.Source.IsDecided(offsetBytes, lengthBytes)
            && _volume.Source.Read(offsetBytes, lengthBytes).SequenceEqual(_base.Volume.Source.Read(offsetBytes, lengthBytes)));

    private static bool Overlaps(ByteRange range, long offsetBytes, int lengthBytes) =>
        range.OffsetBytes < offsetBytes + lengthBytes && offsetBytes < range.EndBytes;
}
