using System.Collections;

namespace ExtShell.Repl.Display;

/// <summary>A value as plain text: what a pipe, a file or another program gets.</summary>
internal static class PlainText
{
    private const int MostItems = 100;

    /// <summary>A line for the value, for a collection one for each item, as they come.</summary>
    public static IEnumerable<string> Lines(object? value) =>
        value is IEnumerable items and not string and not byte[] ? items.Cast<object?>().Select(Of) : [Values.Word(value)];

    /// <summary>The value in one piece; of a collection no more than its first items.</summary>
    public static string Of(object? value) =>
        value is IEnumerable items and not string and not byte[] ? string.Join(Environment.NewLine, FirstOf(items)) : Values.Word(value);

    private static IEnumerable<string> FirstOf(IEnumerable items)
    {
        int count = 0;
        foreach (object? item in items)
        {
            if (count++ == MostItems)
            {
                yield return "…";
                yield break;
            }

            yield return Of(item);
        }
    }
}
