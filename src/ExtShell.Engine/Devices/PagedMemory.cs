using ExtShell.Engine.Kernel;

namespace ExtShell.Engine.Devices;

/// <summary>
/// Sparse memory: a radix tree of 4 KiB pages, 512 to a node. A page that was never written reads as zeroes and takes no memory.
/// </summary>
/// <remarks>
/// Snapshots share nodes and pages. Each node and page has an owner; a writer that is not the owner clones first.
/// (1) What a snapshot shares is never written in place: taking one gives both sides new owner tokens.
/// </remarks>
public sealed class PagedMemory : IStorage
{
    /// <summary>The size of a page in bytes.</summary>
    public const int PageSizeBytes = 4096;

    private const int SlotBits = 9;
    private const int SlotCount = 1 << SlotBits;
    private static readonly byte[] ZeroPage = new byte[PageSizeBytes];

    private readonly int _height;
    private Node _root;
    private object _owner = new();
    private ByteArena? _arena;

    /// <summary>Makes memory that reads as zeroes.</summary>
    public PagedMemory(long lengthBytes)
        : this(lengthBytes, HeightFor(lengthBytes), new Node(null))
    {
    }

    private PagedMemory(long lengthBytes, int height, Node root)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(lengthBytes);
        LengthBytes = lengthBytes;
        _height = height;
        _root = root;
    }

    /// <inheritdoc/>
    public long LengthBytes { get; }

    /// <summary>Memory that holds a copy of <paramref name="bytes"/>.</summary>
    public static PagedMemory Of(ReadOnlySpan<byte> bytes)
    {
        var memory = new PagedMemory(bytes.Length);
        memory.Write(0, bytes);
        return memory;
    }

    /// <inheritdoc/>
    public ReadOnlySpan<byte> Read(long offsetBytes, int lengthBytes)
    {
        RequireRange(offsetBytes, lengthBytes);
        int within = (int)(offsetBytes & (PageSizeBytes - 1));
        if (within + lengthBytes <= PageSizeBytes)
            return Page(offsetBytes / PageSizeBytes).AsSpan(within, lengthBytes);
        var copy = new byte[lengthBytes];
        Read(offsetBytes, copy);
        return copy;
    }

    /// <inheritdoc/>
    public void Read(long offsetBytes, Span<byte> into)
    {
        RequireRange(offsetBytes, into.Length);
        while (into.Length > 0)
        {
            int within = (int)(offsetBytes & (PageSizeBytes - 1));
            int part = Math.Min(into.Length, PageSizeBytes - within);
            Page(offsetBytes / PageSizeBytes).AsSpan(within, part).CopyTo(into);
            into = into[part..];
            offsetBytes += part;
        }
    }

    /// <inheritdoc/>
    public void Write(long offsetBytes, ReadOnlySpan<byte> bytes)
    {
        RequireRange(offsetBytes, bytes.Length);
        while (bytes.Length > 0)
        {
            int within = (int)(offsetBytes & (PageSizeBytes - 1));
            int part = Math.Min(bytes.Length, PageSizeBytes - within);
            bytes[..part].CopyTo(OwnedPage(offsetBytes / PageSizeBytes).AsSpan(within));
            bytes = bytes[part..];
            offsetBytes += part;
        }
    }

    /// <inheritdoc/>
    public void WriteZeroes(long offsetBytes, long lengthBytes)
    {
        RequireRange(offsetBytes, lengthBytes);
        while (lengthBytes > 0)
        {
            int within = (int)(offsetBytes & (PageSizeBytes - 1));
            long page = offsetBytes / PageSizeBytes;
            long emptyPages = EmptyPagesFrom(page);
            long part = Math.Min(lengthBytes, (Math.Max(emptyPages, 1) * PageSizeBytes) - within);
            if (emptyPages == 0)
            {
                if (part == PageSizeBytes)
                    DropPage(page);
                else
                    OwnedPage(page).AsSpan(within, (int)part).Clear();
            }

            offsetBytes += part;
            lengthBytes -= part;
        }
    }

    /// <inheritdoc/>
    IStorage IStorage.Snapshot() => Snapshot();

    /// <summary>The content as it is now, as memory of its own.</summary>
    public PagedMemory Snapshot()
    {
        _owner = new object(); // (1)
        return new PagedMemory(LengthBytes, _height, _root);
    }

    /// <summary>
    /// From now on pages that are written are the arena's: who resets it keeps neither this memory nor later snapshots of it.
    /// </summary>
    public void UseArena(ByteArena arena) => _arena = arena;

    private static int HeightFor(long lengthBytes)
    {
        int height = 1;
        for (long pages = (lengthBytes + PageSizeBytes - 1) / PageSizeBytes; pages > SlotCount; pages = (pages + SlotCount - 1) / SlotCount)
            height++;
        return height;
    }

    private void RequireRange(long offsetBytes, long lengthBytes)
    {
        if (offsetBytes < 0 || lengthBytes < 0 || offsetBytes > LengthBytes - lengthBytes)
            throw new ArgumentOutOfRangeException(
                nameof(offsetBytes), $"bytes {offsetBytes} to {offsetBytes + lengthBytes} leave the device of {LengthBytes}");
    }

    private byte[] Page(long page)
    {
        Node node = _root;
        for (int level = _height - 1; level > 0; level--)
        {
            if (node.Slots[(int)(page >> (level * SlotBits)) & (SlotCount - 1)] is not Node child)
                return ZeroPage;
            node = child;
        }

        return node.Slots[(int)page & (SlotCount - 1)] is Leaf leaf ? leaf.Bytes : ZeroPage;
    }

    /// <summary>Pages that were never written, from this one to the end of the empty subtree in which it is; 0 if this one was.</summary>
    private long EmptyPagesFrom(long page)
    {
        Node node = _root;
        for (int level = _height - 1; level > 0; level--)
        {
            if (node.Slots[(int)(page >> (level * SlotBits)) & (SlotCount - 1)] is not Node child)
            {
                long span = 1L << (level * SlotBits);
                return span - (page & (span - 1));
            }

            node = child;
        }

        return node.Slots[(int)page & (SlotCount - 1)] is Leaf ? 0 : 1;
    }

    private byte[] OwnedPage(long page)
    {
        Node node = OwnedParent(page);
        ref object? slot = ref node.Slots[(int)page & (SlotCount - 1)];
        var leaf = slot as Leaf;
        if (leaf is null)
            slot = leaf = new Leaf(_owner, _arena is null ? new byte[PageSizeBytes] : _arena.Take(PageSizeBytes));
        else if (leaf.Owner != _owner)
            slot = leaf = new Leaf(_owner, _arena is null ? leaf.Bytes.AsSpan().ToArray() : _arena.Copy(leaf.Bytes));
        return leaf.Bytes;
    }

    private void DropPage(long page) => OwnedParent(page).Slots[(int)page & (SlotCount - 1)] = null;

    private Node OwnedParent(long page)
    {
        if (_root.Owner != _owner)
            _root = _root.CloneFor(_owner);
        Node node = _root;
        for (int level = _height - 1; level > 0; level--)
        {
            ref object? slot = ref node.Slots[(int)(page >> (level * SlotBits)) & (SlotCount - 1)];
            node = slot is not Node child ? new Node(_owner) : child.Owner == _owner ? child : child.CloneFor(_owner);
            slot = node;
        }

        return node;
    }

    private sealed class Node
    {
        public Node(object? owner)
            : this(owner, new object?[SlotCount])
        {
        }

        private Node(object? owner, object?[] slots) => (Owner, Slots) = (owner, slots);

        public object? Owner { get; }

        public object?[] Slots { get; }

        public Node CloneFor(object owner) => new(owner, Slots.AsSpan().ToArray());
    }

    private sealed record Leaf(object Owner, byte[] Bytes);
}
