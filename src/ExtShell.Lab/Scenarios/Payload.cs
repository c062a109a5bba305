using System.Globalization;

namespace ExtShell.Lab.Scenarios;

/// <summary>The bytes that a write of a scenario writes.</summary>
/// <param name="Kind">How they are given.</param>
/// <param name="Number">The pattern's number, or the byte.</param>
/// <param name="Verbatim">The bytes, where they are given themselves; base 64 in the text form.</param>
/// <remarks>
/// (1) A pattern's record is 32 bytes, <c>write 0000000007 byte 000012352\n</c>: pattern number, place in the file. It depends on the place
/// in the file alone, so that two writes of one pattern agree where they overlap, and any aligned 32 bytes name both.
/// </remarks>
public sealed record Payload(PayloadKind Kind, int Number, string Verbatim = "")
{
    private const int RecordSizeBytes = 32;

    /// <summary>Text that names the write and the place.</summary>
    public static Payload Pattern(int number) => new(PayloadKind.Pattern, number);

    /// <summary>One byte again and again.</summary>
    public static Payload Repeat(byte value) => new(PayloadKind.Repeat, value);

    /// <summary>The bytes themselves, or one byte again and again where they are that.</summary>
    public static Payload Of(ReadOnlySpan<byte> bytes) => bytes.Length > 0 && bytes.IndexOfAnyExcept(bytes[0]) < 0
        ? Repeat(bytes[0])
        : new Payload(PayloadKind.Verbatim, 0, Convert.ToBase64String(bytes));

    /// <summary>The bytes of a write at that place; verbatim ones are cut, or followed by zeroes.</summary>
    public byte[] Bytes(long offsetBytes, int lengthBytes)
    {
        var bytes = new byte[lengthBytes];
        switch (Kind)
        {
            case PayloadKind.Pattern:
                FillPattern(bytes, offsetBytes);
                break;
            case PayloadKind.Repeat:
                bytes.AsSpan().Fill((byte)Number);
                break;
            case PayloadKind.Verbatim:
                byte[] given = Convert.FromBase64String(Verbatim);
                given.AsSpan(0, Math.Min(given.Length, lengthBytes)).CopyTo(bytes);
                break;
        }

        return bytes;
    }

    /// <summary>Reads the pattern's record with which <paramref name="bytes"/> begin.</summary>
    /// <returns>False if they are not a pattern's.</returns>
    public static bool TryReadPattern(ReadOnlySpan<byte> bytes, out int number, out long offsetBytes)
    {
        (number, offsetBytes) = (0, 0);
        return bytes.Length >= RecordSizeBytes
            && bytes.StartsWith("write "u8)
            && bytes[16..22].SequenceEqual(" byte "u8)
            && int.TryParse(bytes[6..16], NumberStyles.None, CultureInfo.InvariantCulture, out number)
            && long.TryParse(bytes[22..31], NumberStyles.None, CultureInfo.InvariantCulture, out offsetBytes);
    }

    private void FillPattern(Span<byte> bytes, long offsetBytes)
    {
        Span<byte> record = stackalloc byte[RecordSizeBytes];
        "write 0000000000 byte 000000000\n"u8.CopyTo(record);
        WriteDecimal(record[6..16], Number);
        for (int done = 0; done < bytes.Length;)
        {
            long place = offsetBytes + done;
            int within = (int)(place % RecordSizeBytes);
            WriteDecimal(record[22..31], place - within);
            int part = Math.Min(RecordSizeBytes - within, bytes.Length - done);
            record.Slice(within, part).CopyTo(bytes[done..]); // (1)
            done += part;
        }
    }

    private static void WriteDecimal(Span<byte> digits, long value)
    {
        for (int i = digits.Length - 1; i >= 0; i--, value /= 10)
            digits[i] = (byte)('0' + (value % 10));
    }
}
