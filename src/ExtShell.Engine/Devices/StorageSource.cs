using System.Buffers;
using ExtShell.Format.Checksums;
using ExtShell.Format.Sources;

namespace ExtShell.Engine.Devices;

/// <summary>Storage as a decided source, for what reads an image without a device: the checker, recovery, tree walks.</summary>
public sealed class StorageSource : IRecoverySource
{
    private readonly IStorage _storage;

    /// <summary>Wraps the storage.</summary>
    public StorageSource(IStorage storage) => _storage = storage;

    /// <inheritdoc/>
    public long LengthBytes => _storage.LengthBytes;

    /// <inheritdoc/>
    public ReadOnlySpan<byte> Read(long offsetBytes, int lengthBytes) => _storage.Read(offsetBytes, lengthBytes);

    /// <inheritdoc/>
    public bool IsDecided(long offsetBytes, int lengthBytes) => true;

    /// <inheritdoc/>
    public bool TryReadVerified(long offsetBytes, int lengthBytes, in ChecksumRule rule, out ReadOnlySpan<byte> bytes)
    {
        bytes = Read(offsetBytes, lengthBytes);
        return rule.Matches(this);
    }

    /// <inheritdoc/>
    public void Copy(long fromBytes, long toBytes, int lengthBytes)
    {
        byte[] copy = ArrayPool<byte>.Shared.Rent(lengthBytes);
        _storage.Read(fromBytes, copy.AsSpan(0, lengthBytes));
        _storage.Write(toBytes, copy.AsSpan(0, lengthBytes));
        ArrayPool<byte>.Shared.Return(copy);
    }

    /// <inheritdoc/>
    public void Patch(long offsetBytes, ReadOnlySpan<byte> bytes) => _storage.Write(offsetBytes, bytes);

    /// <inheritdoc/>
    public void Write(long offsetBytes, ReadOnlySpan<byte> bytes) => _storage.Write(offsetBytes, bytes);
}
