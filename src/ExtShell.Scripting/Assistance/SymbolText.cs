using ExtShell.Scripting.Contracts.Assistance;
using Microsoft.CodeAnalysis;

namespace ExtShell.Scripting.Assistance;

/// <summary>Symbols as the prompt writes them.</summary>
internal static class SymbolText
{
    private const SymbolDisplayMiscellaneousOptions Types =
        SymbolDisplayMiscellaneousOptions.UseSpecialTypes | SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier;

    private static readonly SymbolDisplayFormat Line = new(
        SymbolDisplayGlobalNamespaceStyle.Omitted,
        SymbolDisplayTypeQualificationStyle.NameOnly,
        SymbolDisplayGenericsOptions.IncludeTypeParameters,
        SymbolDisplayMemberOptions.IncludeType
            | SymbolDisplayMemberOptions.IncludeParameters
            | SymbolDisplayMemberOptions.IncludeContainingType,
        SymbolDisplayDelegateStyle.NameAndSignature,
        SymbolDisplayExtensionMethodStyle.InstanceMethod,
        SymbolDisplayParameterOptions.IncludeType
            | SymbolDisplayParameterOptions.IncludeName
            | SymbolDisplayParameterOptions.IncludeParamsRefOut
            | SymbolDisplayParameterOptions.IncludeDefaultValue,
        SymbolDisplayPropertyStyle.ShowReadWriteDescriptor,
        SymbolDisplayLocalOptions.IncludeType,
        SymbolDisplayKindOptions.IncludeTypeKeyword | SymbolDisplayKindOptions.IncludeNamespaceKeyword,
        Types);

    private static readonly SymbolDisplayFormat WithoutParameters = Line
        .WithMemberOptions(SymbolDisplayMemberOptions.IncludeType | SymbolDisplayMemberOptions.IncludeContainingType);

    private static readonly SymbolDisplayFormat Parameter = Line;

    public static CompletionItem Item(IReadOnlyList<ISymbol> overloads)
    {
        ISymbol first = overloads[0];
        string more = overloads.Count == 1 ? "" : $"  (+ {overloads.Count - 1} overload{(overloads.Count == 2 ? "" : "s")})";
        return new CompletionItem(first.Name, Kind(first), Declaration(first) + more)
        {
            Summary = new Lazy<string>(() => overloads.Select(DocumentationFile.Summary).FirstOrDefault(text => text.Length > 0) ?? ""),
        };
    }

    public static SignatureItem Signature(IMethodSymbol method) => new(
        method.MethodKind == MethodKind.Constructor ? method.ContainingType.Name : Display(method, WithoutParameters),
        [.. method.Parameters.Select(parameter => parameter.ToDisplayString(Parameter))],
        DocumentationFile.Summary(method),
        DocumentationFile.Parameters(method, method.Parameters.Select(parameter => parameter.Name)));

    private static string Declaration(ISymbol symbol) => symbol switch
    {
        IFieldSymbol { ContainingType.IsScriptClass: true } variable => $"{variable.Type.ToDisplayString(Line)} {variable.Name}",
        _ => Display(symbol, Line),
    };

    /// <summary>A member of an extension is shown as one of what it extends.</summary>
    private static string Display(ISymbol symbol, SymbolDisplayFormat format)
    {
        string text = symbol.ToDisplayString(format);
        return symbol.ContainingType is { IsExtension: true, ExtensionParameter: { } extended } type
            ? text.Replace(type.ToDisplayString(format), extended.Type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat),
                StringComparison.Ordinal)
            : text;
    }

    private static CompletionKind Kind(ISymbol symbol) => symbol switch
    {
        ILocalSymbol or IParameterSymbol or IRangeVariableSymbol => CompletionKind.Variable,
        IFieldSymbol { ContainingType.IsScriptClass: true } => CompletionKind.Variable,
        IFieldSymbol { IsConst: true } => CompletionKind.Constant,
        IFieldSymbol or IPropertySymbol or IEventSymbol => CompletionKind.Property,
        IMethodSymbol => CompletionKind.Method,
        INamespaceSymbol => CompletionKind.Namespace,
        _ => CompletionKind.Type,
    };
}
