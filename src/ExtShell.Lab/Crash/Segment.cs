namespace ExtShell.Lab.Crash;

/// <summary>A stretch of a page of an undecided image: decided bytes, or a slice of a cell.</summary>
/// <param name="Start">Where in the page.</param>
/// <param name="Length">How long.</param>
/// <param name="Cell">The cell's number; −1 for decided bytes.</param>
/// <param name="Source">Where in the cell, or in the bytes.</param>
/// <param name="Bytes">The decided bytes.</param>
/// <param name="DurableBytes">Where on the device decided bytes were durable, so that their origin is known; −1 if recovery wrote
/// them.</param>
internal readonly record struct Segment(int Start, int Length, int Cell, int Source, byte[]? Bytes, long DurableBytes = -1)
{
    public int End => Start + Length;

    /// <summary>The part of the segment between two places of the page, moved by <paramref name="shift"/>.</summary>
    public Segment Part(int from, int to, int shift)
    {
        int start = Math.Max(Start, from);
        int end = Math.Min(End, to);
        return new Segment(
            start + shift, end - start, Cell, Source + (start - Start), Bytes, DurableBytes < 0 ? -1 : DurableBytes + (start - Start));
    }
}
