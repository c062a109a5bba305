namespace ExtShell.Engine.Tests.Volumes;

/// <summary>What a volume must look like, kept beside it: names, and files as arrays of bytes.</summary>
internal sealed class VolumeModel
{
    public SortedDictionary<string, ModelFile> Files { get; } = new(StringComparer.Ordinal);

    public SortedSet<string> Directories { get; } = new(StringComparer.Ordinal) { "" };
}

/// <summary>A file as the model knows it.</summary>
internal sealed class ModelFile
{
    public byte[] Bytes { get; private set; } = new byte[4096];

    public int Size { get; private set; }

    public int Links { get; set; } = 1;

    public void Write(int offset, ReadOnlySpan<byte> bytes)
    {
        SetCapacity(offset + bytes.Length);
        bytes.CopyTo(Bytes.AsSpan(offset));
        Size = Math.Max(Size, offset + bytes.Length);
    }

    public void Truncate(int size)
    {
        SetCapacity(size);
        if (size < Size)
            Bytes.AsSpan(size, Size - size).Clear();
        Size = size;
    }

    public void Extend(int size)
    {
        if (size > Size)
            Truncate(size);
    }

    public void Zero(int offset, int length)
    {
        if (offset < Size)
            Bytes.AsSpan(offset, Math.Min(length, Size - offset)).Clear();
    }

    public void Collapse(int offset, int length)
    {
        Bytes.AsSpan(offset + length, Size - offset - length).CopyTo(Bytes.AsSpan(offset));
        Truncate(Size - length);
    }

    public void Insert(int offset, int length)
    {
        int size = Size;
        Truncate(size + length);
        Bytes.AsSpan(offset, size - offset).CopyTo(Bytes.AsSpan(offset + length));
        Zero(offset, length);
    }

    public ReadOnlySpan<byte> Read(int offset, int length) =>
        offset >= Size ? [] : Bytes.AsSpan(offset, Math.Min(length, Size - offset));

    private void SetCapacity(int size)
    {
        if (size <= Bytes.Length)
            return;
        var larger = new byte[Math.Max(size, Bytes.Length * 2)];
        Bytes.CopyTo(larger, 0);
        Bytes = larger;
    }
}
