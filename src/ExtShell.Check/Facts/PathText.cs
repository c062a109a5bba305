using System.Text;

namespace ExtShell.Check.Facts;

/// <summary>
/// Names as text and back, without loss: names are bytes, most of them UTF-8. A byte that is not part of valid UTF-8 becomes one of
/// U+DC80 to U+DCFF, which no valid UTF-8 gives.
/// </summary>
internal static class PathText
{
    private const int EscapeBase = 0xDC00;

    public static string Of(ReadOnlySpan<byte> name)
    {
        if (!name.ContainsAnyInRange((byte)0x80, (byte)0xFF))
            return Encoding.ASCII.GetString(name);
        var text = new StringBuilder(name.Length);
        while (!name.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(name, out Rune rune, out int usedBytes) == System.Buffers.OperationStatus.Done)
                text.Append(rune.ToString());
            else
            {
                foreach (byte one in name[..usedBytes])
                    text.Append((char)(EscapeBase + one));
            }

            name = name[usedBytes..];
        }

        return text.ToString();
    }

    public static byte[] Bytes(ReadOnlySpan<char> text)
    {
        var bytes = new List<byte>(text.Length);
        Span<byte> encoded = stackalloc byte[4];
        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(text, out Rune rune, out int usedChars) == System.Buffers.OperationStatus.Done)
                bytes.AddRange(encoded[..rune.EncodeToUtf8(encoded)]);
            else
                bytes.Add((byte)text[0]);
            text = text[usedChars..];
        }

        return [.. bytes];
    }
}
