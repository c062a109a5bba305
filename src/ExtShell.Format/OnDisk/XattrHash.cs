using System.Buffers.Binary;

namespace ExtShell.Format.OnDisk;

/// <summary>The hashes of extended attributes in a block: of each entry, and of the block, by which equal blocks are found.</summary>
public static class XattrHash
{
    private const int NameShift = 5;
    private const int ValueShift = 16;

    /// <summary>The hash of an attribute (<c>e_hash</c>).</summary>
    /// <param name="name">Its name without the prefix.</param>
    /// <param name="value">Its value; what is missing to whole words counts as zeroes.</param>
    public static uint OfEntry(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        uint hash = 0;
        foreach (byte one in name)
            hash = (hash << NameShift) ^ (hash >> (32 - NameShift)) ^ one;
        Span<byte> word = stackalloc byte[4];
        for (int at = 0; at < value.Length; at += 4)
        {
            word.Clear();
            value[at..Math.Min(at + 4, value.Length)].CopyTo(word);
            hash = (hash << ValueShift) ^ (hash >> (32 - ValueShift)) ^ BinaryPrimitives.ReadUInt32LittleEndian(word);
        }

        return hash;
    }

    /// <summary>The hash of a block (<c>h_hash</c>); 0 if an entry's is 0, which keeps the block from being shared.</summary>
    public static uint OfBlock(IEnumerable<uint> entryHashes)
    {
        uint hash = 0;
        foreach (uint entry in entryHashes)
        {
            if (entry == 0)
                return 0;
            hash = (hash << ValueShift) ^ (hash >> (32 - ValueShift)) ^ entry;
        }

        return hash;
    }
}
