using System.Runtime.InteropServices;
using ExtShell.Format.Checksums;
using ExtShell.Format.OnDisk;

namespace ExtShell.Check.Facts;

/// <summary>
/// Reads the blocks of a directory. A block that did not change is taken over from the facts before, so that a large directory costs only
/// what changed in it.
/// </summary>
/// <remarks>
/// (1) What a block of a hash-tree directory is, the tree says, not the block: what lies below the root is nodes or leaves by its levels.
/// (2) With metadata_csum a leaf ends with a tail; roots and nodes have theirs behind the room for entries (<see cref="HashTreeReader"/>).
/// (3) Every block between the first and the last is mapped.
/// </remarks>
internal sealed class DirectoryReader
{
    private static readonly Comparer<(uint Logical, long Physical)> ByLogical =
        Comparer<(uint Logical, long Physical)>.Create(static (a, b) => a.Logical.CompareTo(b.Logical));

    private readonly Volume _volume;
    private readonly DirectoryBlockParser _parser;
    private readonly HashTreeReader _hashTree;
    private readonly FindingList _findings;
    private readonly List<DirectoryBlockFacts> _blocks = [];
    private readonly List<(uint Logical, long Physical)> _places = [];
    private uint _inode;
    private uint _inodeSeed;
    private DirectoryFacts? _previous;
    private ChangedRanges? _changed;
    private DirectoryHashVersion? _hashVersion;

    public DirectoryReader(Volume volume)
    {
        _volume = volume;
        _parser = new DirectoryBlockParser(volume);
        _hashTree = new HashTreeReader(volume, _parser);
        _findings = new FindingList();
    }

    /// <summary>Reads a directory whose entries are in blocks.</summary>
    /// <param name="inode">The directory.</param>
    /// <param name="inodeSeed">What seeds its sums.</param>
    /// <param name="isIndexed">Whether it has a hash tree.</param>
    /// <param name="runs">Its map.</param>
    /// <param name="previous">Facts of the same directory with the same seed, or null.</param>
    /// <param name="changed">What may have changed since <paramref name="previous"/>.</param>
    public DirectoryFacts Read(
        uint inode, uint inodeSeed, bool isIndexed, ReadOnlySpan<MappedRun> runs, DirectoryFacts? previous, ChangedRanges? changed)
    {
        (_inode, _inodeSeed, _previous, _changed, _hashVersion) = (inode, inodeSeed, previous, changed, null);
        _blocks.Clear();
        ListPlaces(runs);
        if (isIndexed && _places.Count > 0 && _places[0].Logical == 0)
            ReadIndexed();
        else
        {
            foreach ((uint logical, long physical) in _places)
                _blocks.Add(ReadOrReuse(logical, physical, DirectoryBlockRole.Linear));
        }

        return new DirectoryFacts { Blocks = [.. _blocks], Findings = _findings.Take() };
    }

    /// <summary>
    /// Reads a directory whose entries are in its inode: the parent's number, entries up to byte 60, and more of them in an attribute.
    /// </summary>
    public DirectoryFacts ReadInline(uint inode, ReadOnlySpan<byte> blockField, ReadOnlySpan<byte> attributeValue)
    {
        var place = new FindingPlace(FindingStructure.Directory, inode);
        _parser.Begin(inode, place);
        uint parent = MemoryMarshal.Read<ExtShell.Format.Endian.Le32>(blockField);
        if (_volume.Geometry.IsInode(parent))
            _parser.SetParent(parent);
        else
            _parser.Findings.Add(
                FindingCode.DotDotMissing, place,
                $"'..' leads to inode {parent}, there are {_volume.Geometry.InodesCount}");
        _parser.Parse(blockField[4..], _volume.BlockSizeBytes, false, 4);
        _parser.Parse(attributeValue, _volume.BlockSizeBytes, false, blockField.Length);
        return new DirectoryFacts { Blocks = [TakeParsed(0, -1, DirectoryBlockRole.Inline, inode)] };
    }

    private void ListPlaces(ReadOnlySpan<MappedRun> runs)
    {
        _places.Clear();
        var place = new FindingPlace(FindingStructure.Directory, _inode);
        long next = 0;
        foreach (MappedRun run in runs)
        {
            if (run.LogicalBlock > next) // (3)
                _findings.Add(FindingCode.DirectoryHole, place, $"logical blocks {next} to {run.LogicalBlock - 1} should be mapped");
            for (uint i = 0; i < run.LengthBlocks; i++)
                _places.Add((run.LogicalBlock + i, run.PhysicalBlock + i));
            next = Math.Max(next, run.EndLogicalBlock);
        }
    }

    private void ReadIndexed() // (1)
    {
        DirectoryBlockFacts root = ReadOrReuse(0, _places[0].Physical, DirectoryBlockRole.Root);
        _blocks.Add(root);
        HashTreeWalk? walk = null;
        if (root.Node is not null)
        {
            _hashVersion = root.Node.HashVersion;
            uint blockCount = _places[^1].Logical + 1;
            walk = new HashTreeWalk(_inode, blockCount, ReadNode);
            walk.Follow(root, _findings);
        }

        foreach ((uint logical, long physical) in CollectionsMarshal.AsSpan(_places)[1..])
        {
            DirectoryBlockFacts? node = walk?.TakeNode(logical);
            DirectoryBlockRole role = walk is null ? DirectoryBlockRole.Linear : DirectoryBlockRole.Leaf;
            DirectoryBlockFacts block = node ?? ReadOrReuse(logical, physical, role);
            if (node is null)
                walk?.CheckLeaf(block, _findings);
            _blocks.Add(block);
        }
    }

    private DirectoryBlockFacts? ReadNode(uint logical) =>
        FindPhysical(logical) is long physical ? ReadOrReuse(logical, physical, DirectoryBlockRole.Node) : null;

    private long? FindPhysical(uint logical)
    {
        int index = _places.BinarySearch((logical, 0), ByLogical);
        return index < 0 ? null : _places[index].Physical;
    }

    private DirectoryBlockFacts ReadOrReuse(uint logical, long physical, DirectoryBlockRole role)
    {
        DirectoryBlockFacts? before = _previous?.Find(logical);
        bool isSame = before is not null && before.PhysicalBlock == physical && before.Role == role && before.HashVersion == _hashVersion
            && !_changed!.Touches(_volume.Geometry.BlockOffsetBytes(physical), _volume.BlockSizeBytes);
        return isSame ? before! : ReadBlock(logical, physical, role);
    }

    private DirectoryBlockFacts ReadBlock(uint logical, long physical, DirectoryBlockRole role)
    {
        var place = new FindingPlace(FindingStructure.Directory, _inode, -1, physical);
        _parser.Begin(_inode, place);
        if (role is DirectoryBlockRole.Root or DirectoryBlockRole.Node)
            return _hashTree.ReadBlock(_inode, _inodeSeed, logical, physical, role);
        if (!TryReadLeaf(physical, place, out ReadOnlySpan<byte> entries))
            return Unreadable(logical, physical, role, _hashVersion, _parser.Findings.Take());
        _parser.Parse(entries, _volume.BlockSizeBytes, logical == 0);
        _parser.CheckDuplicates();
        return TakeParsed(logical, physical, role, _inode);
    }

    internal static DirectoryBlockFacts Unreadable(
        uint logical, long physical, DirectoryBlockRole role, DirectoryHashVersion? hashVersion, Finding[] findings) =>
        new()
        {
            LogicalBlock = logical, PhysicalBlock = physical, Role = role, HashVersion = hashVersion, IsUnreadable = true,
            Findings = findings,
        };

    private DirectoryBlockFacts TakeParsed(uint logical, long physical, DirectoryBlockRole role, uint inode)
    {
        DirectoryName[] entries = _parser.TakeEntries();
        (uint least, uint greatest) = role == DirectoryBlockRole.Leaf ? HashRange(entries) : (uint.MaxValue, 0u);
        return new DirectoryBlockFacts
        {
            LogicalBlock = logical,
            PhysicalBlock = physical,
            Role = role,
            HashVersion = _hashVersion,
            Entries = entries,
            Names = _parser.TakeNames(),
            DotInode = role == DirectoryBlockRole.Inline ? inode : _parser.DotInode,
            DotDotInode = _parser.DotDotInode,
            LeastHash = least,
            GreatestHash = greatest,
            Findings = _parser.Findings.Take(),
        };
    }

    private (uint Least, uint Greatest) HashRange(DirectoryName[] entries)
    {
        (uint least, uint greatest) = (uint.MaxValue, 0u);
        DirectoryHashVersion version = DirectoryHash.Effective(_hashVersion!.Value, (SuperBlockFlags)_volume.SuperBlock.Flags.Value);
        foreach (DirectoryName entry in entries)
        {
            uint hash = DirectoryHash.Compute(version, _volume.SuperBlock.HashSeed, _parser.NameOf(entry)).Hash;
            (least, greatest) = (Math.Min(least, hash), Math.Max(greatest, hash));
        }

        return (least, greatest);
    }

    private bool TryReadLeaf(long physical, FindingPlace place, out ReadOnlySpan<byte> entries) // (2)
    {
        long offsetBytes = _volume.Geometry.BlockOffsetBytes(physical);
        if (!_volume.HasMetadataChecksum)
        {
            entries = _volume.Source.Read(offsetBytes, _volume.BlockSizeBytes);
            return true;
        }

        int tailBytes = _volume.BlockSizeBytes - DirectoryTail.SizeBytes;
        ChecksumRule rule = Ext4Checksums.DirectoryBlock(_volume.Geometry, _inodeSeed, offsetBytes);
        if (_volume.TryReadVerified(offsetBytes, _volume.BlockSizeBytes, rule, out ReadOnlySpan<byte> block))
        {
            entries = block[..tailBytes];
            if (!MemoryMarshal.Read<DirectoryTail>(block[tailBytes..]).IsTail)
                _parser.Findings.Add(FindingCode.DirectoryChecksumMissing, place, "the block should end with a tail for its sum");
            return true;
        }

        bool hasTail = !_volume.Source.IsDecided(offsetBytes + tailBytes, DirectoryTail.SizeBytes)
            || MemoryMarshal.Read<DirectoryTail>(_volume.Source.Read(offsetBytes + tailBytes, DirectoryTail.SizeBytes)).IsTail;
        if (hasTail)
            _parser.Findings.Add(FindingCode.DirectoryChecksumMismatch, place, "the sum of the block does not match");
        else
            _parser.Findings.Add(FindingCode.DirectoryChecksumMissing, place, "the block should end with a tail for its sum");
        entries = default;
        return false;
    }
}
