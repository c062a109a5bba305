using System.Text;
using ExtShell.Scripting.Contracts;

namespace ExtShell.PowerShell.Binding;

/// <summary>
/// A file's blocks drawn as rows of letters in colour, for the view of extents: W written, u unwritten, . a hole; past the end of the file
/// p unwritten and X written; + several.
/// </summary>
public sealed class ExtentDrawing
{
    private readonly FileMap _map;

    internal ExtentDrawing(FileMap map) => _map = map;

    /// <summary>The file's size, in bytes.</summary>
    public long SizeBytes => _map.SizeBytes ?? 0;

    /// <summary>Bytes of a block.</summary>
    public int BlockSizeBytes => _map.BlockSizeBytes;

    /// <summary>For how many blocks a letter stands.</summary>
    public long BlocksPerLetter => _map.BlocksPerLetter;

    /// <summary>The letters, without colour and in one line.</summary>
    public string Letters => string.Concat(_map.Rows().Select(static row => row.Letters));

    /// <summary>The drawing, in colour where there is a terminal that wants it: before each row the number of its first block.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        IReadOnlyList<(long OffsetBytes, string Letters)> rows = _map.Rows();
        int digits = rows.Count == 0 ? 1 : FormattableString.Invariant($"{rows[^1].OffsetBytes / BlockSizeBytes:N0}").Length;
        foreach ((long offsetBytes, string letters) in rows)
        {
            text.Append('\n').Append(FormattableString.Invariant($"{offsetBytes / BlockSizeBytes:N0}").PadLeft(digits)).Append("  ");
            for (int first = 0; first < letters.Length;)
            {
                int end = first + 1;
                while (end < letters.Length && letters[end] == letters[first])
                    end++;
                text.Append(TerminalColour.Of(Known(letters[first]).Colour, letters[first..end]));
                first = end;
            }
        }

        IEnumerable<string> meanings = Letters.Distinct().Select(static letter => $"{letter} {Known(letter).Meaning}");
        string scale = BlocksPerLetter == 1
            ? "a letter is a block"
            : FormattableString.Invariant($"a letter is {BlocksPerLetter:N0} blocks");
        return text.Append('\n').Append(string.Join(", ", meanings)).Append("; ").Append(scale).ToString();
    }

    private static (string Colour, string Meaning) Known(char letter) => letter switch
    {
        'W' => ("32", "written"),
        'u' => ("33", "unwritten"),
        'p' => ("35", "unwritten past the end"),
        'X' => ("1;31", "written past the end"),
        '+' => ("36", "several"),
        _ => ("2", "hole"),
    };
}
