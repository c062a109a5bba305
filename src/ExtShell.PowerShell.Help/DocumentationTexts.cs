using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace ExtShell.PowerShell.Help;

/// <summary>The XML documentation of an assembly, as plain text.</summary>
internal sealed partial class DocumentationTexts(string path)
{
    private readonly Dictionary<string, XElement> _members = XDocument.Load(path).Descendants("member")
        .ToDictionary(static member => (string)member.Attribute("name")!, StringComparer.Ordinal);

    public string Summary(Type type) => Text($"T:{type.FullName}", "summary");

    public string Remarks(Type type) => Text($"T:{type.FullName}", "remarks");

    public string Summary(PropertyInfo property) => Text($"P:{property.DeclaringType!.FullName}.{property.Name}", "summary");

    private string Text(string member, string part) =>
        _members.TryGetValue(member, out XElement? found) && found.Element(part) is { } element
            ? Spaces().Replace(Plain(element), " ").Trim()
            : "";

    private static string Plain(XElement element) => string.Concat(element.Nodes().Select(static node => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "see" or "paramref" } reference => Named(reference),
        XElement inner => Plain(inner),
        _ => "",
    }));

    private static string Named(XElement reference)
    {
        string name = (string?)reference.Attribute("cref") ?? (string?)reference.Attribute("name")
            ?? (string?)reference.Attribute("langword") ?? "";
        return name[(name.LastIndexOf('.') + 1)..];
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
