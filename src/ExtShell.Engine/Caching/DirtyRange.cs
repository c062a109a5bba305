namespace ExtShell.Engine.Caching;

/// <summary>A stretch of dirty blocks of a file, possibly over several pages.</summary>
/// <param name="OffsetBytes">Where in the file; a multiple of the block size.</param>
/// <param name="LengthBytes">How long; a multiple of the block size.</param>
public readonly record struct DirtyRange(long OffsetBytes, long LengthBytes)
{
    /// <summary>Where in the file it ends.</summary>
    public long EndBytes => OffsetBytes + LengthBytes;
}
