using ExtShell.Engine.Devices;

namespace ExtShell.Lab.Scenarios;

/// <summary>The volume that a scenario begins with.</summary>
/// <param name="SizeBytes">Its size.</param>
/// <param name="BlockSizeBytes">Its block size.</param>
/// <param name="JournalSizeBytes">Its journal's size: at least 1,024 blocks.</param>
/// <param name="Seed">What its identity is derived from.</param>
/// <param name="HasStaleFill">Whether its free blocks are filled with traceable stale content.</param>
/// <param name="Features">Features to add, or with ^ to leave out, as <c>mke2fs -O</c>.</param>
public sealed record VolumeSpecification(
    long SizeBytes = 16 << 20,
    int BlockSizeBytes = 4096,
    long JournalSizeBytes = 4 << 20,
    ulong Seed = 1,
    bool HasStaleFill = true,
    string Features = "")
{
    /// <summary>Content to begin with instead of a volume that is made; not to be written. It has no text form.</summary>
    public IStorage? Content { get; init; }
}
