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

    /// <summary>Whether a write must not wait: RWF_NOWAIT.</summary>
    public bool IsNoWait { get; init; }

    /// <summary>Whether a write is synced: RWF_DSYNC, RWF_SYNC.</summary>
    public SyncKind Sync { get; init; }

    /// <summary>Whether a rename spares what has the new name: RENAME_NOREPLACE.</summary>
    public bool NoReplace { get; init; }

    /// <summary>Which of the writes in flight is started or waited for.</summary>
    public int Tag { get; init; }

    /// <summary>What a write writes begins with this and goes on by a fixed rule.</summary>
    public int Pattern { get; init; }

    /// <summary>What matters of it.</summary>
    public override string ToString()
    {
        string range = FormattableString.Invariant($"#{Slot} {Offset}+{Length}{(IsDirect ? " direct" : "")}{(IsNoWait ? " nowait" : "")}{(KeepSize ? " keep size" : "")}");
        return Kind switch
        {
            CallKind.Open => $"Open #{Slot} {Path} {Options}",
            CallKind.Write or CallKind.Read => $"{Kind} {range} {Sync}",
            CallKind.Start => $"Start {Tag} {range} {Sync}",
            CallKind.Wait => $"Wait {Tag} #{Slot}",
            CallKind.Fallocate => $"{Mode} {range}",
            CallKind.Close or CallKind.Truncate or CallKind.Sync or CallKind.DataSync => $"{Kind} #{Slot} {Length}",
            _ => $"{Kind} {Path} {NewPath}{(NoReplace ? " if there is none" : "")}",
        };
    }

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
    /// <summary>Submits a direct write by AIO.</summary>
    Start,
    /// <summary>Waits for one that was submitted.</summary>
    Wait,
    Read,
    Fallocate,
    Truncate,
    Sync,
    DataSync,
    SyncVolume,
    Link,
    Unlink,
    Rename,
    Mkdir,
    Rmdir,
    Stat,
}
