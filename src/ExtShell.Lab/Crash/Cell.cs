namespace ExtShell.Lab.Crash;

/// <summary>A stretch of the device that survives whole or not at all, with the contents that it may hold at a cut.</summary>
/// <remarks>
/// (1) The versions differ in their bytes: equal bytes are one version, possible from the earliest.
/// (2) A cell has at least two; version 0 is the one that is possible from the epoch's first cut.
/// </remarks>
public sealed class Cell
{
    internal Cell(int index, long offsetBytes, int lengthBytes, CellVersion[] versions)
    {
        Index = index;
        OffsetBytes = offsetBytes;
        LengthBytes = lengthBytes;
        Versions = versions;
    }

    /// <summary>Its number in its epoch, in order of offset.</summary>
    public int Index { get; }

    /// <summary>Where on the device, in bytes.</summary>
    public long OffsetBytes { get; }

    /// <summary>How long, in bytes.</summary>
    public int LengthBytes { get; }

    /// <summary>What it may hold.</summary>
    public IReadOnlyList<CellVersion> Versions { get; }
}
