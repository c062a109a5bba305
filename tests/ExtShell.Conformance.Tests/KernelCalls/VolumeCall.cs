using ExtShell.Engine.IO;
using ExtShell.Engine.Volumes;

namespace ExtShell.Conformance.Tests.KernelCalls;

/// <summary>One call, in terms that both the engine and the kernel understand. Fields that a kind does not use have their default.</summary>
/// <param name="Kind">Which call it is.</param>
internal sealed record VolumeCall(CallKind Kind)
{
    /// <summary>The open file, by its number in a table of eight.</summary>
    public int Slot { get; init; }

    public string Path { get; init; } = "";

    public string NewPath { get; init; } = "";

    public OpenOptions Options { get; init; }

    public long Offset { get; init; }

    public long Length { get; init; }

    /// <summary>Whether a read or write goes around the page cache.</summary>
    public bool IsDirect { get; init; }

    public FallocateMode Mode { get; init; }

    public bool KeepSize { get; init; }

    /// <summary>What a write writes begins with this and goes on by a fixed rule.</summary>
    public int Pattern { get; init; }

    public byte[] Bytes()
    {
        var bytes = new byte[Length];
        new Random(Pattern).NextBytes(bytes);
        return bytes;
    }
}

/// <summary>The calls.</summary>
internal enum CallKind
{
    Open,
    Close,
    Write,
    Read,
    Fallocate,
    Truncate,
    Sync,
    Link,
    Unlink,
    Rename,
    Mkdir,
    Rmdir,
    Stat,
}
