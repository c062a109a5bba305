using System.Text;
using ExtShell.Format.Errors;
using ExtShell.Format.OnDisk;

namespace ExtShell.Engine.Inodes;

/// <summary>
/// File names between the volume, where a name is 1 to 255 bytes without a slash or a zero byte, and the surface, where it is text.
/// </summary>
/// <remarks>
/// (1) Names are UTF-8. A byte that is not part of valid UTF-8 shows as the lone surrogate U+DC00 + byte (as PEP 383 has it), and such a
/// surrogate becomes that byte again: every name can be shown, and what is shown names the same file.
/// </remarks>
public static class FileName
{
    /// <summary>The longest path, bytes; Linux's PATH_MAX without the closing zero.</summary>
    public const int MaxPathLengthBytes = 4095;

    private const int EscapeBase = 0xDC00;

    /// <summary>The bytes of a name or path.</summary>
    /// <exception cref="FileSystemException">EINVAL: a lone surrogate that stands for no byte, or a zero character.</exception>
    public static byte[] Encode(string text)
    {
        var bytes = new byte[Encoding.UTF8.GetMaxByteCount(text.Length)];
        int length = 0;
        for (int i = 0; i < text.Length;)
        {
            if (text[i] == 0)
                throw new FileSystemException(Errno.EINVAL, $"name \"{text}\"", "a name holds no zero byte");
            if (Rune.TryGetRuneAt(text, i, out Rune rune))
            {
                length += rune.EncodeToUtf8(bytes.AsSpan(length));
                i += rune.Utf16SequenceLength;
                continue;
            }

            int escaped = text[i++] - EscapeBase; // (1)
            if (escaped is < 0x80 or > 0xFF)
                throw new FileSystemException(Errno.EINVAL, $"name \"{text}\"", "it holds a surrogate that stands for no byte");
            bytes[length++] = (byte)escaped;
        }

        return bytes[..length];
    }

    /// <summary>The text that shows a name's bytes.</summary>
    public static string Decode(ReadOnlySpan<byte> name)
    {
        var text = new StringBuilder(name.Length);
        while (!name.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(name, out Rune rune, out int used) == System.Buffers.OperationStatus.Done)
            {
                text.Append(rune.ToString());
                name = name[used..];
                continue;
            }

            foreach (byte one in name[..used])
                text.Append((char)(EscapeBase + one)); // (1)
            name = name[used..];
        }

        return text.ToString();
    }

    /// <summary>Throws unless <paramref name="name"/> can be an entry's.</summary>
    /// <exception cref="FileSystemException">ENOENT: empty; ENAMETOOLONG: over 255 bytes; EINVAL: a slash or a zero byte.</exception>
    public static void Check(ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty)
            throw new FileSystemException(Errno.ENOENT, "name", "it is empty");
        if (name.Length > DirectoryEntry.MaxNameLengthBytes)
            throw new FileSystemException(Errno.ENAMETOOLONG, $"name \"{Decode(name)}\"", "it is longer than 255 bytes");
        if (name.ContainsAny((byte)0, (byte)'/'))
            throw new FileSystemException(Errno.EINVAL, $"name \"{Decode(name)}\"", "it holds a slash or a zero byte");
    }
}
