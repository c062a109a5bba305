using System.Globalization;
using System.Text;
using ExtShell.Engine.Mapping;
using ExtShell.Engine.Volumes;

namespace ExtShell.Scripting.Contracts;

/// <summary>
/// A file's blocks as a map of letters: <c>W</c> written, <c>u</c> unwritten, <c>.</c> hole; past the end of the file <c>p</c> unwritten
/// and <c>X</c> written; <c>+</c> where one letter stands for blocks of several kinds.
/// </summary>
/// <param name="extents">The file's extents, holes left out, by logical block.</param>
/// <param name="blockSizeBytes">Bytes of a block.</param>
/// <param name="sizeBytes">The file's size; null where it is not known, and nothing is past the end.</param>
public sealed class FileMap(IReadOnlyList<BlockMapping> extents, int blockSizeBytes, long? sizeBytes)
{
    private const int RowCells = 64;
    private const int MostRows = 16;

    /// <summary>What the letters mean.</summary>
    public static IReadOnlyList<(char Letter, string Meaning)> Meanings { get; } =
    [
        ('W', "written"), ('u', "unwritten"), ('.', "hole"),
        ('p', "unwritten past the end"), ('X', "written past the end"), ('+', "several"),
    ];

    /// <summary>What the letters mean, and for how many blocks one stands, in a line.</summary>
    public string Legend => $"{string.Join("  ", Meanings.Select(known => $"{known.Letter} {known.Meaning}"))}; {Scale}";

    /// <summary>For how many blocks a letter stands, in words.</summary>
    public string Scale => BlocksPerLetter == 1
        ? "a letter is a block"
        : string.Create(CultureInfo.InvariantCulture, $"a letter is {BlocksPerLetter:N0} blocks");

    /// <summary>The file's extents, holes left out.</summary>
    public IReadOnlyList<BlockMapping> Extents { get; } = extents;

    /// <summary>Bytes of a block.</summary>
    public int BlockSizeBytes { get; } = blockSizeBytes;

    /// <summary>The file's size, where it is known.</summary>
    public long? SizeBytes { get; } = sizeBytes;

    /// <summary>How many blocks a letter stands for: a power of two, 1 for files of up to 1,024 blocks.</summary>
    public long BlocksPerLetter
    {
        get
        {
            long blocks = 1;
            while (BlockCount > blocks * RowCells * MostRows)
                blocks *= 2;
            return blocks;
        }
    }

    private long SizeBlocks => SizeBytes is { } size ? (size + BlockSizeBytes - 1) / BlockSizeBytes : long.MaxValue;

    private long BlockCount => Math.Max(Extents.Count == 0 ? 0 : Extents[^1].EndLogicalBlock, SizeBytes is null ? 0 : SizeBlocks);

    /// <summary>The map of an open file.</summary>
    public static FileMap Of(FileHandle file) =>
        new(file.GetExtents(), file.Volume.GetStatistics().BlockSizeBytes, file.Stat().SizeBytes);

    /// <summary>The rows of the map: where each begins in the file, and its letters.</summary>
    public IReadOnlyList<(long OffsetBytes, string Letters)> Rows()
    {
        var rows = new List<(long, string)>();
        long perLetter = BlocksPerLetter;
        var letters = new StringBuilder();
        for (long block = 0; block < BlockCount; block += perLetter)
        {
            letters.Append(Letter(block, Math.Min(block + perLetter, BlockCount)));
            if (letters.Length < RowCells && block + perLetter < BlockCount)
                continue;
            rows.Add(((block / perLetter + 1 - letters.Length) * perLetter * BlockSizeBytes, letters.ToString()));
            letters.Clear();
        }

        return rows;
    }

    /// <summary>The rows as text, with the legend.</summary>
    public override string ToString()
    {
        IEnumerable<string> rows = Rows()
            .Select(row => string.Create(CultureInfo.InvariantCulture, $"{row.OffsetBytes,15:N0}  {row.Letters}"));
        return string.Join('\n', [.. rows, Legend]);
    }

    private char Letter(long first, long end)
    {
        char found = '\0';
        long at = first;
        for (int i = FirstAfter(first); i < Extents.Count && Extents[i].LogicalBlock < end; i++)
        {
            BlockMapping extent = Extents[i];
            if (extent.LogicalBlock > at)
                found = Join(found, '.');
            long until = Math.Min(end, extent.EndLogicalBlock);
            if (Math.Max(at, extent.LogicalBlock) < SizeBlocks)
                found = Join(found, extent.State switch { MappingState.Written => 'W', MappingState.Unwritten => 'u', _ => '.' });
            if (until > SizeBlocks)
                found = Join(found, extent.State switch { MappingState.Written => 'X', MappingState.Unwritten => 'p', _ => '.' });
            at = until;
        }

        return at < end ? Join(found, '.') : found;
    }

    private int FirstAfter(long block)
    {
        (int low, int high) = (0, Extents.Count);
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (Extents[middle].EndLogicalBlock > block)
                high = middle;
            else
                low = middle + 1;
        }

        return low;
    }

    private static char Join(char found, char more) => found == '\0' || found == more ? more : '+';
}
