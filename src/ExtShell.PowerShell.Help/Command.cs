using System.Reflection;

namespace ExtShell.PowerShell.Help;

/// <summary>A cmdlet, as its attributes say it.</summary>
/// <param name="Verb">The verb.</param>
/// <param name="Noun">The noun.</param>
/// <param name="Summary">What it does.</param>
/// <param name="Remarks">More about it; may be empty.</param>
/// <param name="DefaultSet">The parameter set that is taken where none is decided.</param>
/// <param name="Parameters">Its parameters, by name.</param>
/// <param name="Outputs">The types of what it returns.</param>
internal sealed record Command(
    string Verb, string Noun, string Summary, string Remarks, string? DefaultSet, IReadOnlyList<CommandParameter> Parameters,
    IReadOnlyList<string> Outputs)
{
    public string Name => $"{Verb}-{Noun}";

    /// <summary>The parameter sets; one without a name where there are none.</summary>
    public IReadOnlyList<string?> Sets
    {
        get
        {
            string[] named = [.. Parameters.SelectMany(static parameter => parameter.Places).Select(static place => place.Set)
                .OfType<string>().Distinct()];
            return named.Length == 0 ? new string?[] { null } : named;
        }
    }

    public static Command[] Of(Assembly assembly, DocumentationTexts texts) =>
    [
        .. assembly.GetExportedTypes().Select(type => Of(type, texts)).OfType<Command>()
            .OrderBy(static command => command.Name, StringComparer.Ordinal),
    ];

    private static Command? Of(Type type, DocumentationTexts texts)
    {
        CustomAttributeData? cmdlet = type.GetCustomAttributesData()
            .FirstOrDefault(static data => data.AttributeType.Name == "CmdletAttribute");
        if (cmdlet is null)
            return null;
        List<CommandParameter> parameters =
        [
            .. type.GetProperties().Select(property => CommandParameter.Of(property, texts)).OfType<CommandParameter>(),
        ];
        if (Named(cmdlet, "SupportsShouldProcess") is true)
        {
            parameters.Add(CommandParameter.Switch("WhatIf", "wi", "Says what would be done, and does nothing."));
            parameters.Add(CommandParameter.Switch("Confirm", "cf", "Asks before it is done."));
        }

        return new Command(
            (string)cmdlet.ConstructorArguments[0].Value!,
            (string)cmdlet.ConstructorArguments[1].Value!,
            texts.Summary(type),
            texts.Remarks(type),
            Named(cmdlet, "DefaultParameterSetName") as string,
            [.. parameters.OrderBy(static parameter => parameter.Name, StringComparer.Ordinal)],
            [.. type.GetCustomAttributesData().Where(static data => data.AttributeType.Name == "OutputTypeAttribute").SelectMany(
                OutputsOf)]);
    }

    internal static object? Named(CustomAttributeData data, string name) =>
        data.NamedArguments.FirstOrDefault(argument => argument.MemberName == name).TypedValue.Value;

    private static IEnumerable<string> OutputsOf(CustomAttributeData data) =>
        ((IEnumerable<CustomAttributeTypedArgument>)data.ConstructorArguments[0].Value!).Select(static argument => argument.Value switch
        {
            Type type => type.FullName!,
            var text => text?.ToString() ?? "",
        });
}
