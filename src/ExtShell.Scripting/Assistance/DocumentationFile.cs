using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;

namespace ExtShell.Scripting.Assistance;

/// <summary>The XML documentation of an assembly: the file beside it, read when it is first asked for.</summary>
internal sealed class DocumentationFile(string path) : DocumentationProvider
{
    private static readonly ConcurrentDictionary<string, Dictionary<string, XElement>> Files = new(StringComparer.Ordinal);

    /// <summary>The first paragraph of what a member's documentation says; empty for none.</summary>
    public static string Summary(ISymbol symbol) => Text(Element(symbol)?.Element("summary"));

    /// <summary>What the documentation says of each parameter.</summary>
    public static IReadOnlyList<string> Parameters(ISymbol symbol, IEnumerable<string> names)
    {
        XElement? member = Element(symbol);
        return [.. names.Select(
            name => Text(member?.Elements("param").FirstOrDefault(parameter => (string?)parameter.Attribute("name") == name)))];
    }

    public override bool Equals(object? other) => other is DocumentationFile file && file.Path == Path;

    public override int GetHashCode() => Path.GetHashCode(StringComparison.Ordinal);

    protected override string GetDocumentationForSymbol(
        string documentationMemberID, CultureInfo preferredCulture, CancellationToken cancellationToken = default) =>
        Files.GetOrAdd(Path, Read).TryGetValue(documentationMemberID, out XElement? member) ? member.ToString() : "";

    private string Path { get; } = path;

    private static XElement? Element(ISymbol symbol)
    {
        XElement? member = Parse(symbol);
        string? other = (string?)member?.Element("inheritdoc")?.Attribute("cref");
        if (other is null || symbol.ContainingAssembly is null)
            return member;
        return Files.Values.Select(members => members.GetValueOrDefault(other)).FirstOrDefault(found => found is not null) ?? member;
    }

    private static XElement? Parse(ISymbol symbol)
    {
        string? xml = symbol.GetDocumentationCommentXml(CultureInfo.InvariantCulture);
        try
        {
            return string.IsNullOrWhiteSpace(xml) ? null : XElement.Parse(xml);
        }
        catch (XmlException)
        {
            return null;
        }
    }

    private static Dictionary<string, XElement> Read(string path)
    {
        var members = new Dictionary<string, XElement>(StringComparer.Ordinal);
        try
        {
            foreach (XElement member in XDocument.Load(path).Root?.Element("members")?.Elements("member") ?? [])
            {
                if ((string?)member.Attribute("name") is { } name)
                    members[name] = member;
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or XmlException)
        {
            members.Clear();
        }

        return members;
    }

    private static string Text(XElement? element)
    {
        if (element is null)
            return "";
        var text = new StringBuilder();
        foreach (XNode node in element.DescendantNodes())
        {
            if (node is XText words)
                text.Append(words.Value);
            else if (node is XElement { IsEmpty: true } reference)
            {
                XAttribute? target = reference.Attribute("cref") ?? reference.Attribute("name") ?? reference.Attribute("langword");
                text.Append(Name((string?)target ?? ""));
            }
        }

        return string.Join(' ', text.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>The last part of a documentation id, without its parameters: <c>M:A.B.C(System.Int32)</c> is <c>C</c>.</summary>
    private static string Name(string id)
    {
        string name = id.Split('(')[0];
        return name[(name.LastIndexOf('.') + 1)..].Split('`')[0].Replace("T:", "", StringComparison.Ordinal);
    }
}
