using System.Reflection;

namespace ExtShell.PowerShell.Help;

/// <summary>A parameter's place in a parameter set; in all of them where <paramref name="Set"/> is null.</summary>
internal sealed record ParameterPlace(string? Set, bool IsMandatory, int? Position, bool ByValue, bool ByPropertyName)
{
    public string Pipeline => (ByValue, ByPropertyName) switch
    {
        (true, true) => "True (ByValue, ByPropertyName)",
        (true, false) => "True (ByValue)",
        (false, true) => "True (ByPropertyName)",
        _ => "False",
    };
}

/// <summary>A parameter of a cmdlet.</summary>
internal sealed record CommandParameter(
    string Name, string TypeName, bool IsSwitch, string Text, string Aliases, bool HasWildcards, IReadOnlyList<ParameterPlace> Places)
{
    public static CommandParameter Switch(string name, string alias, string text) =>
        new(name, "SwitchParameter", true, text, alias, false, [new ParameterPlace(null, false, null, false, false)]);

    public static CommandParameter? Of(PropertyInfo property, DocumentationTexts texts)
    {
        IList<CustomAttributeData> attributes = property.GetCustomAttributesData();
        ParameterPlace[] places = [.. attributes.Where(static data => data.AttributeType.Name == "ParameterAttribute").Select(PlaceOf)];
        if (places.Length == 0)
            return null;
        IEnumerable<string?> aliases = attributes.Where(static data => data.AttributeType.Name == "AliasAttribute")
            .SelectMany(static data => (IEnumerable<CustomAttributeTypedArgument>)data.ConstructorArguments[0].Value!)
            .Select(static argument => argument.Value?.ToString());
        Type type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        return new CommandParameter(
            property.Name,
            type.Name,
            type.Name == "SwitchParameter",
            texts.Summary(property),
            string.Join(", ", aliases),
            attributes.Any(static data => data.AttributeType.Name == "SupportsWildcardsAttribute"),
            places);
    }

    /// <summary>Its place in a set; null if it is not in it.</summary>
    public ParameterPlace? In(string? set) =>
        Places.FirstOrDefault(place => place.Set == set) ?? Places.FirstOrDefault(static place => place.Set is null);

    private static ParameterPlace PlaceOf(CustomAttributeData data) => new(
        Command.Named(data, "ParameterSetName") as string,
        Command.Named(data, "Mandatory") is true,
        Command.Named(data, "Position") as int?,
        Command.Named(data, "ValueFromPipeline") is true,
        Command.Named(data, "ValueFromPipelineByPropertyName") is true);
}
