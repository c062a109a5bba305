using System.Globalization;
using System.Xml.Linq;

namespace ExtShell.PowerShell.Help;

/// <summary>The help of all cmdlets in the form that Get-Help reads.</summary>
internal sealed class MamlWriter(IReadOnlyList<Command> commands, IReadOnlyDictionary<string, IReadOnlyList<Example>> examples)
{
    private static readonly XNamespace Maml = "http://schemas.microsoft.com/maml/2004/10";
    private static readonly XNamespace Cmd = "http://schemas.microsoft.com/maml/dev/command/2004/10";
    private static readonly XNamespace Dev = "http://schemas.microsoft.com/maml/dev/2004/10";
    private static readonly XNamespace Items = "http://msh";

    public void Save(string path) =>
        new XDocument(new XElement(Items + "helpItems", new XAttribute("schema", "maml"), commands.Select(CommandElement))).Save(path);

    private XElement CommandElement(Command command) => new(
        Cmd + "command",
        new XAttribute(XNamespace.Xmlns + "maml", Maml),
        new XAttribute(XNamespace.Xmlns + "command", Cmd),
        new XAttribute(XNamespace.Xmlns + "dev", Dev),
        new XElement(
            Cmd + "details",
            new XElement(Cmd + "name", command.Name),
            new XElement(Cmd + "verb", command.Verb),
            new XElement(Cmd + "noun", command.Noun),
            new XElement(Maml + "description", Para(FirstSentence(command.Summary)))),
        new XElement(Maml + "description", Para(command.Summary), command.Remarks.Length == 0 ? null : Para(command.Remarks)),
        new XElement(
            Cmd + "syntax", command.Sets.OrderByDescending(set => set == command.DefaultSet).Select(set => SyntaxItem(command, set))),
        new XElement(Cmd + "parameters", command.Parameters.Select(static parameter => ParameterElement(parameter, parameter.Places[0]))),
        new XElement(Cmd + "inputTypes", InputTypes(command)),
        new XElement(Cmd + "returnValues", command.Outputs.Select(static type => new XElement(Cmd + "returnValue", TypeElement(type)))),
        new XElement(Cmd + "examples", ExamplesOf(command)),
        new XElement(Cmd + "relatedLinks", Link("about_ExtShell"), Link("about_ExtShell_Model"), Link("about_ExtShell_Guarantees")));

    private static XElement SyntaxItem(Command command, string? set) => new(
        Cmd + "syntaxItem",
        new XElement(Maml + "name", command.Name),
        command.Parameters.Select(parameter => (Parameter: parameter, Place: parameter.In(set)))
            .Where(static pair => pair.Place is not null)
            .OrderBy(static pair => pair.Place!.Position ?? int.MaxValue).ThenByDescending(static pair => pair.Place!.IsMandatory)
            .Select(static pair => ParameterElement(pair.Parameter, pair.Place!)));

    private static XElement ParameterElement(CommandParameter parameter, ParameterPlace place) => new(
        Cmd + "parameter",
        new XAttribute("required", place.IsMandatory ? "true" : "false"),
        new XAttribute("variableLength", "false"),
        new XAttribute("globbing", parameter.HasWildcards ? "true" : "false"),
        new XAttribute("pipelineInput", place.Pipeline),
        new XAttribute("position", place.Position?.ToString(CultureInfo.InvariantCulture) ?? "named"),
        new XAttribute("aliases", parameter.Aliases.Length == 0 ? "none" : parameter.Aliases),
        new XElement(Maml + "name", parameter.Name),
        new XElement(Maml + "description", Para(parameter.Text)),
        parameter.IsSwitch ? null : new XElement(
            Cmd + "parameterValue", new XAttribute("required", "true"), new XAttribute("variableLength", "false"), parameter.TypeName),
        TypeElement(parameter.TypeName));

    private static IEnumerable<XElement> InputTypes(Command command) => command.Parameters
        .Where(static parameter => parameter.Places.Any(static place => place.ByValue))
        .Select(static parameter => parameter.TypeName).Distinct()
        .Select(static type => new XElement(Cmd + "inputType", TypeElement(type)));

    private IEnumerable<XElement> ExamplesOf(Command command)
    {
        int number = 0;
        foreach (Example example in examples.GetValueOrDefault(command.Name) ?? [])
        {
            yield return new XElement(
                Cmd + "example",
                new XElement(Maml + "title", $"-------------------------- Example {++number} --------------------------"),
                new XElement(Dev + "code", example.Code),
                new XElement(Dev + "remarks", Para(example.Remark)));
        }
    }

    private static XElement TypeElement(string name) => new(Dev + "type", new XElement(Maml + "name", name), new XElement(Maml + "uri"));

    private static XElement Link(string topic) =>
        new(Maml + "navigationLink", new XElement(Maml + "linkText", topic), new XElement(Maml + "uri"));

    private static XElement Para(string text) => new(Maml + "para", text);

    private static string FirstSentence(string text) =>
        text.IndexOf(". ", StringComparison.Ordinal) is >= 0 and var end ? text[..(end + 1)] : text;
}
