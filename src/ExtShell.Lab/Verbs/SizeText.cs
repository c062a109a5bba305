using System.Globalization;
using ExtShell.Format.Errors;

namespace ExtShell.Lab.Verbs;

/// <summary>
/// Sizes as people write them: <c>64MiB</c>, <c>64M</c>, <c>64MB</c> (all 2^20, as PowerShell's MB), <c>4K</c>, <c>4096</c>.
/// </summary>
public static class SizeText
{
    /// <summary>The size in bytes.</summary>
    /// <exception cref="FileSystemException">EINVAL: it is no size.</exception>
    public static long Parse(string text)
    {
        ReadOnlySpan<char> rest = text.AsSpan().Trim();
        int digits = rest.IndexOfAnyExcept("0123456789.");
        ReadOnlySpan<char> number = digits < 0 ? rest : rest[..digits];
        ReadOnlySpan<char> unit = digits < 0 ? "" : rest[digits..].Trim();
        int shift = Shift(unit);
        if (shift < 0 || !decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal value))
            throw Invalid(text);
        if (value > long.MaxValue >> shift)
            throw Invalid(text);
        decimal bytes = value * (1L << shift);
        return bytes == decimal.Truncate(bytes) ? (long)bytes : throw Invalid(text);
    }

    private static int Shift(ReadOnlySpan<char> unit)
    {
        if (unit.IsEmpty || unit.Equals("B", StringComparison.OrdinalIgnoreCase))
            return 0;
        int shift = char.ToUpperInvariant(unit[0]) switch { 'K' => 10, 'M' => 20, 'G' => 30, 'T' => 40, _ => -1 };
        ReadOnlySpan<char> rest = unit[1..];
        bool isKnown = rest.IsEmpty || rest.Equals("B", StringComparison.OrdinalIgnoreCase)
            || rest.Equals("iB", StringComparison.OrdinalIgnoreCase);
        return isKnown ? shift : -1;
    }

    private static FileSystemException Invalid(string text) =>
        new(Errno.EINVAL, $"read the size '{text}'", "a size is a number with an optional K, M, G or T, such as 64MiB or 4096");
}
