using ExtShell.Engine.Mapping;

namespace ExtShell.Engine.IO;

/// <summary>Blocks that take a direct write's data.</summary>
/// <param name="Blocks">The run; never a hole.</param>
/// <param name="IsNew">Whether they were allocated for this write, so that what it does not fill of them must be zeroed.</param>
public readonly record struct WriteMapping(BlockMapping Blocks, bool IsNew)
{
    /// <summary>No blocks: from here on the write goes through the page cache.</summary>
    public static WriteMapping Buffered => default;

    /// <summary>No blocks: the write is short, and ends here.</summary>
    public static WriteMapping Short => new(default, IsNew: true);

    /// <summary>Whether it is <see cref="Buffered"/>.</summary>
    public bool IsBuffered => Blocks.LengthBlocks == 0 && !IsNew;

    /// <summary>Whether it is <see cref="Short"/>.</summary>
    public bool IsShort => Blocks.LengthBlocks == 0 && IsNew;
}
