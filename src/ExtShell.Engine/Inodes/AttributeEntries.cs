using System.Runtime.InteropServices;
using ExtShell.Format.OnDisk;

namespace ExtShell.Engine.Inodes;

/// <summary>The attributes of one place, an inode or a block, taken apart to be changed and put together again.</summary>
/// <remarks>
/// Put together, entries lie side by side from the beginning and end with four zero bytes; values are packed at the end, each padded to
/// four bytes; an empty value has no place. (1) In a block entries are sorted and have hashes. (2) In an inode they keep their order, and
/// have none.
/// </remarks>
internal sealed class AttributeEntries(bool isSorted, int roomBytes)
{
    private const int EndBytes = 4;

    private readonly List<(AttributeName Name, byte[] Value)> _entries = [];

    /// <summary>Whether there is none.</summary>
    public bool IsEmpty => _entries.Count == 0;

    /// <summary>The hash of a block that holds them.</summary>
    public uint Hash => XattrHash.OfBlock(_entries.Select(static entry => XattrHash.OfEntry(entry.Name.Rest, entry.Value)));

    private int UsedBytes => EndBytes + _entries.Sum(static entry => EntryBytes(entry.Name) + Padded(entry.Value.Length));

    /// <summary>Adds one that was read.</summary>
    public void Add(in AttributeName name, byte[] value) => _entries.Add((name, value));

    /// <summary>The value; null if there is none of that name.</summary>
    public byte[]? Find(AttributeName name) => IndexOf(name) is >= 0 and int index ? _entries[index].Value : null;

    /// <summary>Sets a value, if there is room for it.</summary>
    /// <returns>Whether there was; else nothing has changed.</returns>
    public bool TrySet(AttributeName name, byte[] value)
    {
        int index = IndexOf(name);
        int freed = index < 0 ? 0 : EntryBytes(name) + Padded(_entries[index].Value.Length);
        if (UsedBytes - freed + EntryBytes(name) + Padded(value.Length) > roomBytes)
            return false;
        if (index >= 0)
            _entries[index] = (name, value);
        else if (isSorted)
            _entries.Insert(PlaceOf(name), (name, value)); // (1)
        else
            _entries.Add((name, value)); // (2)
        return true;
    }

    /// <summary>Takes one away, if it is there.</summary>
    public void Remove(AttributeName name)
    {
        if (IndexOf(name) is >= 0 and int index)
            _entries.RemoveAt(index);
    }

    /// <summary>Writes entries and values.</summary>
    /// <param name="area">The place, from the first entry to its end; what they do not fill becomes zero.</param>
    /// <param name="valueBaseBytes">Where the area lies in what the offsets of values count from.</param>
    public void Write(Span<byte> area, int valueBaseBytes)
    {
        area.Clear();
        int at = 0;
        int end = area.Length;
        foreach ((AttributeName name, byte[] value) in _entries)
        {
            end -= Padded(value.Length);
            value.CopyTo(area[end..]);
            var entry = new XattrEntry
            {
                NameLength = (byte)name.Rest.Length,
                NameIndex = (byte)name.Index,
                ValueOffset = (ushort)(value.Length == 0 ? 0 : valueBaseBytes + end),
                ValueSize = (uint)value.Length,
                Hash = isSorted ? XattrHash.OfEntry(name.Rest, value) : 0, // (1), (2)
            };
            MemoryMarshal.Write(area[at..], in entry);
            name.Rest.CopyTo(area[(at + XattrEntry.SizeBytes)..]);
            at += EntryBytes(name);
        }
    }

    private int IndexOf(AttributeName name) => _entries.FindIndex(entry => entry.Name.Is(name));

    private int PlaceOf(AttributeName name)
    {
        int behind = _entries.FindIndex(entry => entry.Name.CompareTo(name) > 0);
        return behind < 0 ? _entries.Count : behind;
    }

    private static int EntryBytes(in AttributeName name) => Padded(XattrEntry.SizeBytes + name.Rest.Length);

    private static int Padded(int lengthBytes) => (lengthBytes + 3) & ~3;
}
