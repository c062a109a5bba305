using System.Collections;
using System.Globalization;

namespace ExtShell.Repl;

/// <summary>A value as the prompt shows it.</summary>
internal static class ValueText
{
    private const int MostItems = 100;

    public static string Of(object? value) => value switch
    {
        null => "null",
        bool truth => truth ? "true" : "false",
        string text => text,
        byte[] bytes => $"byte[{bytes.Length}] {Convert.ToHexString(bytes.AsSpan(0, Math.Min(32, bytes.Length)))}{(bytes.Length > 32 ? "…" : "")}",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        IEnumerable items => OfItems(items),
        _ => value.ToString() ?? "",
    };

    private static string OfItems(IEnumerable items)
    {
        var lines = new List<string>();
        foreach (object? item in items)
        {
            if (lines.Count == MostItems)
            {
                lines.Add("…");
                break;
            }

            lines.Add(Of(item));
        }

        return string.Join(Environment.NewLine, lines);
    }
}
