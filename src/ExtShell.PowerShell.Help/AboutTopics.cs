using System.Text;
using ExtShell.Engine.IO;
using ExtShell.Lab.Durability;

namespace ExtShell.PowerShell.Help;

/// <summary>The topics that say what code says of itself: the ledger's rules, and the protocols.</summary>
internal static class AboutTopics
{
    private const int WidthColumns = 78;

    public static void Write(string folder)
    {
        File.WriteAllText(Path.Combine(folder, "about_ExtShell_Guarantees.help.txt"), Guarantees());
        File.WriteAllText(Path.Combine(folder, "about_ExtShell_Protocols.help.txt"), Protocols());
    }

    private static string Guarantees()
    {
        StringBuilder text = Head(
            "about_ExtShell_Guarantees", "What callers may rely on after a power cut: the rules by which ExtShell judges.");
        Paragraph(text, "Beside each run a ledger keeps what callers were promised. It sees calls, returns, errors and acknowledgements, "
            + "and knows nothing of the engine. Each rule says where it comes from; a broken promise names its rule.");
        foreach (LedgerRule rule in LedgerRules.All)
        {
            Paragraph(text, $"RULE {rule.Number}: {rule.Name.ToUpperInvariant()}");
            Paragraph(text, rule.Text, 8);
            Paragraph(text, $"Source: {rule.Source}", 8);
        }

        return text.ToString();
    }

    private static string Protocols()
    {
        StringBuilder text = Head(
            "about_ExtShell_Protocols", "The ways of writing a file around the page cache, and the defects that each has had.");
        Paragraph(text, "A protocol is chosen with -Protocol, its defects are turned on with -Switch, those of its first posting with "
            + "-AsPosted. Get-Protocol returns what is said here as objects, Compare-Protocol says where two differ, Search-CrashState and "
            + "Search-Schedule find the defects.");
        foreach (ProtocolDescription protocol in WriteProtocols.All)
        {
            Paragraph(text, protocol.Name.ToUpperInvariant());
            foreach ((string aspect, string said) in protocol.GetAspects())
                Aspect(text, aspect, aspect == nameof(protocol.History) ? [said] : said.Split('\n'));
        }

        return text.ToString();
    }

    private static void Aspect(StringBuilder text, string aspect, string[] sentences)
    {
        Paragraph(text, sentences.Length == 1 ? $"{aspect}: {sentences[0]}" : $"{aspect}:", 8);
        foreach (string sentence in sentences.Where(_ => sentences.Length > 1))
            Paragraph(text, sentence, 12);
    }

    private static StringBuilder Head(string topic, string summary)
    {
        var text = new StringBuilder();
        text.Append("TOPIC\n    ").Append(topic).Append("\n\nSHORT DESCRIPTION\n    ").Append(summary).Append("\n\nLONG DESCRIPTION\n");
        return text;
    }

    private static void Paragraph(StringBuilder text, string words, int indent = 4)
    {
        var line = new StringBuilder();
        foreach (string word in words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > WidthColumns - indent)
                Flush(text, line, indent);
            if (line.Length > 0)
                line.Append(' ');
            line.Append(word);
        }

        Flush(text, line, indent);
        text.Append('\n');
    }

    private static void Flush(StringBuilder text, StringBuilder line, int indent)
    {
        text.Append(' ', indent).Append(line).Append('\n');
        line.Clear();
    }
}
