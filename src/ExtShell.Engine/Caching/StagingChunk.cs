using System.Buffers;

namespace ExtShell.Engine.Caching;

/// <summary>Memory for the bytes of several writes in flight; it goes back when the last of them has ended.</summary>
internal sealed class StagingChunk
{
    private byte[] _bytes = [];
    private int _usedBytes;
    private int _references;

    /// <summary>Whether no write uses it.</summary>
    public bool IsIdle => _references == 0;

    public void Begin(int lengthBytes)
    {
        _bytes = ArrayPool<byte>.Shared.Rent(lengthBytes);
        _usedBytes = 0;
        _references = 1;
    }

    public bool HasRoom(int lengthBytes) => _bytes.Length - _usedBytes >= lengthBytes;

    public Memory<byte> Take(int lengthBytes)
    {
        _references++;
        _usedBytes += lengthBytes;
        return _bytes.AsMemory(_usedBytes - lengthBytes, lengthBytes);
    }

    /// <summary>A write has ended, or no more are to come.</summary>
    public void Release()
    {
        if (--_references > 0)
            return;
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
    }
}
