using ExtShell.Format.Checksums;
using ExtShell.Format.Sources;

namespace ExtShell.Engine.Tests.Journal;

/// <summary>A source that notes what is read from it.</summary>
internal sealed class WatchedSource(IRecoverySource inner) : IRecoverySource
{
    public List<(long Offset, int Length)> Reads { get; } = [];

    public long LengthBytes => inner.LengthBytes;

    public long BytesRead => Reads.Sum(read => (long)read.Length);

    public ReadOnlySpan<byte> Read(long offsetBytes, int lengthBytes)
    {
        Reads.Add((offsetBytes, lengthBytes));
        return inner.Read(offsetBytes, lengthBytes);
    }

    public bool IsDecided(long offsetBytes, int lengthBytes) => inner.IsDecided(offsetBytes, lengthBytes);

    public bool TryReadVerified(long offsetBytes, int lengthBytes, in ChecksumRule rule, out ReadOnlySpan<byte> bytes)
    {
        Reads.Add((offsetBytes, lengthBytes));
        return inner.TryReadVerified(offsetBytes, lengthBytes, rule, out bytes);
    }

    public void Copy(long fromBytes, long toBytes, int lengthBytes) => inner.Copy(fromBytes, toBytes, lengthBytes);

    public void Patch(long offsetBytes, ReadOnlySpan<byte> bytes) => inner.Patch(offsetBytes, bytes);

    public void Write(long offsetBytes, ReadOnlySpan<byte> bytes) => inner.Write(offsetBytes, bytes);
}
