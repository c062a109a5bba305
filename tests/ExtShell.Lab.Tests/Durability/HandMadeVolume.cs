using ExtShell.Check;
using ExtShell.Engine.Devices;
using ExtShell.Format.OnDisk;
using ExtShell.Lab.Crash;
using ExtShell.Lab.Durability;

namespace ExtShell.Lab.Tests.Durability;

/// <summary>A recovered volume made by hand: files with their blocks side by side, and what each block may hold.</summary>
internal sealed class HandMadeVolume(CutRange cuts) : IRecoveredVolume
{
    private readonly Dictionary<string, Node> _nodes = [];
    private readonly Dictionary<long, List<ContentVersion>> _blocks = [];
    private long _nextBlock = 1000;

    public HandMadeVolume(int cut)
        : this(new CutRange(cut, cut))
    {
    }

    public bool IsMounted { get; init; } = true;

    public CutRange Cuts { get; } = cuts;

    public int BlockSizeBytes => LedgerBench.Block;

    public TreeIdentity Identity { get; init; } = new(1, 1);

    public IEnumerable<string> Paths() => _nodes.Keys;

    public HandMadeVolume WithDirectory(string path, uint inode)
    {
        _nodes.Add(path, new Node(inode, true, LedgerBench.Block, 2, []));
        return this;
    }

    /// <summary>A file with all its blocks written.</summary>
    public HandMadeVolume WithFile(string path, uint inode, byte[] content, int links = 1, long? size = null) =>
        WithBlocks(path, inode, size ?? content.Length, Enumerable.Range(0, (content.Length + LedgerBench.Block - 1) / LedgerBench.Block)
            .Select(block => (uint)block).ToArray(), content, links);

    /// <summary>A file with the given blocks written, with the content of their places; the others are holes.</summary>
    public HandMadeVolume WithBlocks(string path, uint inode, long size, uint[] blocks, byte[] content, int links = 1)
    {
        var runs = new List<MappedRun>();
        foreach (uint block in blocks)
        {
            long physical = _nextBlock++;
            runs.Add(new MappedRun(block, 1, physical, true));
            var bytes = new byte[LedgerBench.Block];
            int start = (int)block * LedgerBench.Block;
            content.AsSpan(start, Math.Min(bytes.Length, content.Length - start)).CopyTo(bytes);
            _blocks.Add(physical, [new ContentVersion(bytes, default, 0)]);
        }

        _nodes.Add(path, new Node(inode, false, size, links, [.. runs]));
        return this;
    }

    /// <summary>A file with unwritten blocks only.</summary>
    public HandMadeVolume WithUnwritten(string path, uint inode, long size, int blocks)
    {
        _nodes.Add(path, new Node(inode, false, size, 1, [new MappedRun(0, (uint)blocks, _nextBlock, false)]));
        _nextBlock += blocks;
        return this;
    }

    /// <summary>What it has of attributes.</summary>
    public HandMadeVolume WithAttributes(string path, InodeMode mode, uint owner, InodeFlags flags = InodeFlags.None)
    {
        _nodes[path] = _nodes[path] with { Mode = mode, Owner = owner, Flags = flags };
        return this;
    }

    /// <summary>A second name.</summary>
    public HandMadeVolume WithName(string path, string existing)
    {
        _nodes.Add(path, _nodes[existing]);
        return this;
    }

    /// <summary>A block of a file may hold something else as well.</summary>
    public HandMadeVolume OrBlock(string path, int block, byte[] bytes, Provenance origin = default, int possibleFrom = 0)
    {
        List<ContentVersion> versions = _blocks[_nodes[path].Runs[block].PhysicalBlock];
        versions.Add(new ContentVersion(bytes, origin, possibleFrom, 7, versions.Count));
        return this;
    }

    public bool TryFind(string path, out RecoveredInode inode)
    {
        bool isThere = _nodes.TryGetValue(path, out Node? node);
        inode = node is null
            ? default
            : new RecoveredInode(node.Number, node.IsDirectory, node.Size, node.Links, node.Runs) 
            {
                Mode = node.Mode, Owner = node.Owner, Flags = node.Flags,
            };
        return isThere;
    }

    public int Content(long offsetBytes, int lengthBytes, List<ContentVersion> into)
    {
        int within = (int)(offsetBytes % BlockSizeBytes);
        foreach (ContentVersion version in _blocks[offsetBytes / BlockSizeBytes])
            into.Add(version with { Bytes = version.Bytes.Slice(within, lengthBytes) });
        return lengthBytes;
    }

    private sealed record Node(uint Number, bool IsDirectory, long Size, int Links, MappedRun[] Runs)
    {
        public InodeMode Mode { get; init; }

        public uint Owner { get; init; }

        public InodeFlags Flags { get; init; }
    }
}
