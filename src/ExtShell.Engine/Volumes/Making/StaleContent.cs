using System.Buffers.Text;
using ExtShell.Engine.Devices;

namespace ExtShell.Engine.Volumes.Making;

/// <summary>
/// Content that says where it stands. Each sector of 512 bytes is sixteen times one record of 32 bytes:
/// <c>stale block 0000000123 sector 7\n</c> (block and sector in decimal, of the block as the volume numbers it), so that any 32 aligned
/// bytes that appear in a file name the block that they leaked from.
/// </summary>
public static class StaleContent
{
    /// <summary>Bytes of a record.</summary>
    public const int RecordSizeBytes = 32;

    private const int SectorSizeBytes = 512;
    private const int BlockOffset = 12;
    private const int BlockDigits = 10;
    private const int SectorOffset = 30;

    private static ReadOnlySpan<byte> Template => "stale block 0000000000 sector 0\n"u8;

    /// <summary>Fills one block.</summary>
    /// <param name="block">The block's number on the volume.</param>
    /// <param name="bytes">The whole block.</param>
    public static void Fill(long block, Span<byte> bytes)
    {
        Span<byte> record = stackalloc byte[RecordSizeBytes];
        Template.CopyTo(record);
        for (int i = BlockDigits - 1; i >= 0; i--, block /= 10)
            record[BlockOffset + i] = (byte)('0' + (block % 10));
        for (int offset = 0; offset < bytes.Length; offset += SectorSizeBytes)
        {
            Span<byte> sector = bytes.Slice(offset, SectorSizeBytes);
            record[SectorOffset] = (byte)('0' + (offset / SectorSizeBytes));
            record.CopyTo(sector);
            for (int filled = RecordSizeBytes; filled < SectorSizeBytes; filled *= 2)
                sector[..filled].CopyTo(sector[filled..]);
        }
    }

    /// <summary>Reads the record with which <paramref name="bytes"/> begin.</summary>
    /// <returns>False if they are not stale content.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out long block, out int sector)
    {
        (block, sector) = (0, 0);
        if (bytes.Length < RecordSizeBytes || !bytes.StartsWith(Template[..BlockOffset]))
            return false;
        if (!Utf8Parser.TryParse(bytes.Slice(BlockOffset, BlockDigits), out block, out int consumed) || consumed != BlockDigits)
            return false;
        if (!bytes[(BlockOffset + BlockDigits)..SectorOffset].SequenceEqual(Template[(BlockOffset + BlockDigits)..SectorOffset]))
            return false;
        sector = bytes[SectorOffset] - '0';
        return sector is >= 0 and <= 7 && bytes[RecordSizeBytes - 1] == (byte)'\n';
    }

    /// <summary>Fills every block that nobody has claimed.</summary>
    internal static void FillFree(IStorage storage, SpaceClaims space, int blockSizeBytes)
    {
        var bytes = new byte[blockSizeBytes];
        foreach ((long first, long length) in space.FreeRuns())
        {
            for (long block = first; block < first + length; block++)
            {
                Fill(block, bytes);
                storage.Write(block * blockSizeBytes, bytes);
            }
        }
    }
}
