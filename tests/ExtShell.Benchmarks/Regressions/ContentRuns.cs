using System.Text;
using ExtShell.Lab.Scenarios;

namespace ExtShell.TestTools.Regressions;

/// <summary>Bytes in words: how many of each write's pattern, of zeroes, of anything else, in their order.</summary>
/// <remarks>
/// A pattern's record is 32 bytes and names its write (<see cref="Payload.TryReadPattern"/>); bytes are looked at in units of that size.
/// </remarks>
internal static class ContentRuns
{
    private const int UnitBytes = 32;

    /// <summary>Describes bytes, such as <c>#1 4096, zero 512</c>; nothing at all is <c>empty</c>.</summary>
    public static string Describe(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length == 0)
            return "empty";
        var text = new StringBuilder();
        string? running = null;
        int length = 0;
        for (int at = 0; at < bytes.Length; at += UnitBytes)
        {
            ReadOnlySpan<byte> unit = bytes.Slice(at, Math.Min(UnitBytes, bytes.Length - at));
            string label = Label(unit);
            if (label != running)
            {
                Append(text, running, length);
                (running, length) = (label, 0);
            }

            length += unit.Length;
        }

        Append(text, running, length);
        return text.ToString();
    }

    private static string Label(ReadOnlySpan<byte> unit)
    {
        if (unit.IndexOfAnyExcept((byte)0) < 0)
            return "zero";
        return Payload.TryReadPattern(unit, out int number, out _) ? FormattableString.Invariant($"#{number}") : "other";
    }

    private static void Append(StringBuilder text, string? label, int lengthBytes)
    {
        if (label is null)
            return;
        text.Append(text.Length == 0 ? "" : ", ").Append(label).Append(' ').Append(lengthBytes);
    }
}
