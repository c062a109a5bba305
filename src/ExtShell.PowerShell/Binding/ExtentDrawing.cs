using System.Text;
using ExtShell.Engine.Mapping;
using ExtShell.Engine.Volumes;

namespace ExtShell.PowerShell.Binding;

/// <summary>
/// The extents of a file drawn as a line of letters, one for a block or for some: W written, u unwritten, + both, . a hole; what lies past the end of the
/// file stands behind a bar, in lower case and red where it is written.
/// </summary>
public sealed class ExtentDrawing
{
    private const int LettersPerLine = 64;
    private const int MostLines = 4;
    private const string Reset = "\e[0m";
    private readonly IReadOnlyList<BlockMapping> _extents;
    private readonly long _endBlock;
    private readonly long _totalBlocks;

    internal ExtentDrawing(FileHandle file, IReadOnlyList<BlockMapping> extents)
    {
        _extents = extents;
        InodeStatus status = file.Stat();
        BlockSizeBytes = file.Volume.Context.Geometry.BlockSizeBytes;
        SizeBytes = status.SizeBytes;
        _endBlock = (SizeBytes + BlockSizeBytes - 1) / BlockSizeBytes;
        _totalBlocks = Math.Max(_endBlock, extents.Count == 0 ? 0 : extents[^1].EndLogicalBlock);
        BlocksPerLetter = Math.Max(1, (_totalBlocks + (LettersPerLine * MostLines) - 1) / (LettersPerLine * MostLines));
    }

    /// <summary>The file's size, in bytes.</summary>
    public long SizeBytes { get; }

    /// <summary>Bytes of a block.</summary>
    public int BlockSizeBytes { get; }

    /// <summary>For how many blocks a letter stands.</summary>
    public long BlocksPerLetter { get; }

    /// <summary>The letters, without colour and without lines.</summary>
    public string Letters => string.Concat(Cells().Select(static cell => cell.IsBar ? "|" : cell.Letter.ToString()));

    /// <summary>The drawing in colour; PowerShell takes the colour out where there is no terminal, or NO_COLOR is set.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        int column = 0;
        foreach ((char letter, bool isPastEnd, bool isBar) in Cells())
        {
            if (column == LettersPerLine && !isBar)
            {
                text.Append("\n  ");
                column = 0;
            }

            text.Append(ColourOf(letter, isPastEnd, isBar)).Append(isBar ? '|' : letter).Append(Reset);
            column += isBar ? 0 : 1;
        }

        string scale = BlocksPerLetter == 1 ? "a block each" : FormattableString.Invariant($"{BlocksPerLetter} blocks each");
        return _totalBlocks == 0
            ? "empty"
            : text.Append(FormattableString.Invariant($"  ({scale}; W written, u unwritten, . hole, | end)")).ToString();
    }

    private IEnumerable<(char Letter, bool IsPastEnd, bool IsBar)> Cells()
    {
        bool hasBar = false;
        for (long block = 0; block < _totalBlocks; block += BlocksPerLetter)
        {
            bool isPastEnd = block >= _endBlock;
            if (isPastEnd && !hasBar)
            {
                hasBar = true;
                yield return ('|', true, true);
            }

            char letter = LetterAt(block, Math.Min(block + BlocksPerLetter, _totalBlocks));
            yield return (isPastEnd && letter == 'W' ? 'w' : letter, isPastEnd, false);
        }
    }

    private char LetterAt(long first, long end)
    {
        bool isWritten = false, isUnwritten = false;
        foreach (BlockMapping extent in _extents)
        {
            if (extent.LogicalBlock >= end || extent.EndLogicalBlock <= first)
                continue;
            isWritten |= extent.State == MappingState.Written;
            isUnwritten |= extent.State == MappingState.Unwritten;
        }

        return isWritten ? isUnwritten ? '+' : 'W' : isUnwritten ? 'u' : '.';
    }

    private static string ColourOf(char letter, bool isPastEnd, bool isBar) => letter switch
    {
        _ when isBar => "\e[1m",
        'w' => "\e[31m",
        'W' => "\e[32m",
        'u' => isPastEnd ? "\e[35m" : "\e[33m",
        '+' => "\e[36m",
        _ => "\e[2m",
    };
}
