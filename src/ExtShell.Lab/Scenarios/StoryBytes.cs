using ExtShell.Lab.Durability;

namespace ExtShell.Lab.Scenarios;

/// <summary>A stretch of the file after recovery.</summary>
/// <param name="OffsetBytes">Where in the file.</param>
/// <param name="LengthBytes">How many bytes.</param>
/// <param name="Holds">What holds it: a block of the volume, unwritten blocks, a hole.</param>
/// <param name="Kind">What the bytes are, where they are not what the newest write wrote.</param>
/// <param name="ComesFrom">Where the bytes came from, in words.</param>
/// <param name="Sample">The first bytes, as text and as numbers.</param>
/// <param name="IsReadable">Whether they lie within the size, so that a reader sees them.</param>
/// <param name="IsFinding">Whether they belong to the finding.</param>
public sealed record StoryBytes(
    long OffsetBytes, long LengthBytes, string Holds, ContentKind Kind, string ComesFrom, string Sample, bool IsReadable, bool IsFinding)
{
    /// <inheritdoc/>
    public override string ToString()
    {
        string place = $"bytes {CallText.Number(OffsetBytes)} to {CallText.Number(OffsetBytes + LengthBytes - 1)}";
        return $"{(IsFinding ? ">" : " ")} {place}: {ComesFrom} [{Holds}{(IsReadable ? "" : ", past the end: nobody can read it")}] "
            + $"{Sample}";
    }
}
