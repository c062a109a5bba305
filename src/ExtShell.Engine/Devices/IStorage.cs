namespace ExtShell.Engine.Devices;

/// <summary>Bytes that can be read, written and remembered: what a device keeps its content in.</summary>
public interface IStorage
{
    /// <summary>The length in bytes.</summary>
    long LengthBytes { get; }

    /// <summary>
    /// The bytes of the range, valid until the storage is next written. Within 4 KiB of one aligned page nothing is copied.
    /// </summary>
    ReadOnlySpan<byte> Read(long offsetBytes, int lengthBytes);

    /// <summary>Copies the range.</summary>
    void Read(long offsetBytes, Span<byte> into);

    /// <summary>Replaces bytes.</summary>
    void Write(long offsetBytes, ReadOnlySpan<byte> bytes);

    /// <summary>Makes the range read as zeroes, and gives its memory back where it can.</summary>
    void WriteZeroes(long offsetBytes, long lengthBytes);

    /// <summary>The content as it is now, as storage of its own; costs what is written later, not what is there.</summary>
    IStorage Snapshot();
}
