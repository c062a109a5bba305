namespace ExtShell.Engine.Kernel;

/// <summary>
/// Memory for machines that live one after the other: all of it is given back at once, when nothing of the machine is looked at any
/// more. For explorers, which make thousands of machines a second; a machine without one has its memory from the runtime.
/// </summary>
/// <remarks>
/// (1) What was taken is nobody else's until <see cref="Reset"/>. (2) So much is kept from one machine for the next, and no more.
/// </remarks>
public sealed class ByteArena
{
    private const long MostKeptBytes = 4 << 20;
    private readonly List<Shelf> _shelves = [];
    private long _keptBytes;

    /// <summary>Bytes that nobody else has; zeroes.</summary>
    public byte[] Take(int lengthBytes)
    {
        Shelf shelf = ShelfOf(lengthBytes);
        if (shelf.TakenCount < shelf.Arrays.Count)
        {
            byte[] known = shelf.Arrays[shelf.TakenCount++];
            known.AsSpan().Clear();
            return known;
        }

        var bytes = new byte[lengthBytes];
        Keep(shelf, bytes);
        return bytes;
    }

    /// <summary>A copy that nobody else has.</summary>
    public byte[] Copy(ReadOnlySpan<byte> source)
    {
        Shelf shelf = ShelfOf(source.Length);
        byte[] copy;
        if (shelf.TakenCount < shelf.Arrays.Count)
            copy = shelf.Arrays[shelf.TakenCount++];
        else
            Keep(shelf, copy = GC.AllocateUninitializedArray<byte>(source.Length));
        source.CopyTo(copy);
        return copy;
    }

    /// <summary>Takes everything back. (1)</summary>
    public void Reset()
    {
        foreach (Shelf shelf in _shelves)
            shelf.TakenCount = 0;
    }

    private void Keep(Shelf shelf, byte[] bytes)
    {
        if (bytes.Length == 0 || _keptBytes + bytes.Length > MostKeptBytes)
            return; // (2)
        _keptBytes += bytes.Length;
        shelf.Arrays.Add(bytes);
        shelf.TakenCount++;
    }

    private Shelf ShelfOf(int lengthBytes)
    {
        foreach (Shelf shelf in _shelves)
        {
            if (shelf.LengthBytes == lengthBytes)
                return shelf;
        }

        var made = new Shelf(lengthBytes);
        _shelves.Add(made);
        return made;
    }

    /// <summary>Arrays of one length; the first of them are taken.</summary>
    private sealed class Shelf(int lengthBytes)
    {
        public int LengthBytes => lengthBytes;

        public List<byte[]> Arrays { get; } = [];

        public int TakenCount { get; set; }
    }
}
