using System.Text;
using ExtShell.Format.Endian;
using ExtShell.Format.Journal;

namespace ExtShell.Conformance.Tests.Kernel;

/// <summary>
/// A trace's events as text: <c>flush</c>; for metadata where it is and what each block holds, <c>16+7 D......</c> (D, C, S, R for
/// descriptor, commit, superblock and revoke blocks of the journal, a dot for anything else); for data of the workloads which write it is,
/// <c>data 0030.0000 to 0030.1023</c>, not where.
/// </summary>
internal static class TraceShape
{
    private const int BlockSizeBytes = 4096;
    private const int RecordSizeBytes = 16;

    /// <summary>The events, one text each.</summary>
    public static string[] Of(IReadOnlyList<BlockEvent> events) => [.. events.Select(Of)];

    private static string Of(BlockEvent one)
    {
        if (one.Kind != BlockEventKind.Write)
            return one.Kind.ToString().ToLowerInvariant();
        var blocks = new StringBuilder();
        for (int offset = 0; offset < one.LengthBytes; offset += BlockSizeBytes)
            blocks.Append(Letter(one.Data.Span[offset..]));
        string letters = blocks.ToString();
        return letters.Trim('d').Length == 0
            ? $"data {Record(one.Data.Span)} to {Record(one.Data.Span[^RecordSizeBytes..])}"
            : $"{one.OffsetBytes / BlockSizeBytes}+{letters.Length} {letters}";
    }

    /// <summary>
    /// The write and the place in it, as <see cref="KernelWorkload.Content"/> noted them; what was truncated away is zeroes.
    /// </summary>
    private static string Record(ReadOnlySpan<byte> bytes) =>
        bytes[0] == 0 ? "zeroes" : Encoding.ASCII.GetString(bytes[6..15]).Replace(' ', '.');

    private static char Letter(ReadOnlySpan<byte> block)
    {
        if (block.StartsWith("write "u8))
            return 'd';
        JournalHeader header = System.Runtime.InteropServices.MemoryMarshal.Read<JournalHeader>(block);
        return header.Magic != (Be32)JournalHeader.ExpectedMagic ? '.' : header.BlockType switch
        {
            JournalBlockType.Descriptor => 'D',
            JournalBlockType.Commit => 'C',
            JournalBlockType.Revoke => 'R',
            _ => 'S',
        };
    }
}
