using ExtShell.Lab.Crash;

namespace ExtShell.Lab.Durability;

/// <summary>Where and when the bytes of a file are judged.</summary>
/// <param name="Volume">The recovered volume.</param>
/// <param name="Path">The file's path.</param>
/// <param name="Cuts">The cuts at which the leaf is possible.</param>
/// <param name="Append">The direct write from which alone the file's size can come (rule 10); null if there is no such.</param>
internal readonly record struct JudgedPlace(IRecoveredVolume Volume, string Path, CutRange Cuts, FileChange? Append)
{
    /// <summary>Rule 10: the append that a segment must show, given the size; null if it need not.</summary>
    public FileChange? NotBefore(ByteSegment segment)
    {
        if (Append is not { } append || segment.StartBytes < append.OffsetBytes || segment.EndBytes > append.EndBytes)
            return null;
        return segment.IsEndedBy(append) ? append : null;
    }
}
