namespace ExtShell.Format.Sources;

/// <summary>
/// A source that journal recovery may change. Copies are symbolic: what is undecided stays one variable under two addresses.
/// </summary>
public interface IRecoverySource : IByteSource
{
    /// <summary>
    /// Makes the range at <paramref name="toBytes"/> hold what the one at <paramref name="fromBytes"/> holds, without reading it.
    /// </summary>
    void Copy(long fromBytes, long toBytes, int lengthBytes);

    /// <summary>Replaces a few bytes inside content that may be undecided, and leaves what is around them undecided.</summary>
    void Patch(long offsetBytes, ReadOnlySpan<byte> bytes);

    /// <summary>Writes decided bytes.</summary>
    void Write(long offsetBytes, ReadOnlySpan<byte> bytes);
}
