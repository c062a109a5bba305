using System.Collections;

namespace ExtShell.Repl.Display;

/// <summary>A value as plain text: what a pipe, a file or another program gets. Collections have a line for each item.</summary>
internal static class PlainText
{
    private const int MostItems = 100;

    public static string Of(object? value) =>
        value is IEnumerable items and not string and not byte[] ? string.Join(Environment.NewLine, Lines(items)) : Values.Word(value);

    private static IEnumerable<string> Lines(IEnumerable items)
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
