using ExtShell.Scripting.Compiling;
using ExtShell.Scripting.Contracts;
using ExtShell.Scripting.Contracts.Assistance;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ExtShell.Scripting.Assistance;

/// <summary>Names that can stand at a place, by the compiler's own lookup.</summary>
/// <remarks>
/// (1) A letter is put in the place of what is typed of the name, so that the parser sees a whole one.
/// (2) After a dot: the members of what is before it. Else: all that is in scope, and the language's words.
/// (3) What is typed must begin the name, in any case of letters, or its capitals (<c>scs</c> finds SearchCrashStates), or be within it; in
/// this order.
/// (4) Where nothing is typed only what the session and ExtShell brought is listed: the runtime's types are thousands.
/// </remarks>
internal static class Completer
{
    private const int MostItems = 200;
    private const string Placeholder = "x";

    private static readonly string[] Keywords =
        [.. SyntaxFacts.GetKeywordKinds().Select(SyntaxFacts.GetText).Where(word => !word.StartsWith("__", StringComparison.Ordinal)),
            "await", "var", "when", "async", "yield"];

    public static CompletionList Find(Func<string, CSharpCompilation> compile, string code, int position)
    {
        int start = position;
        while (start > 0 && SyntaxFacts.IsIdentifierPartCharacter(code[start - 1]))
            start--;
        string typed = code[start..position];
        string whole = code[..start] + Placeholder + code[position..]; // (1)
        if (typed.Length > 0 && char.IsDigit(typed[0]) || IsInText(whole, start))
            return CompletionList.None;
        CSharpCompilation compilation = compile(whole);
        SyntaxTree tree = ScriptCompiler.MainTree(compilation);
        SemanticModel model = compilation.GetSemanticModel(tree);
        SyntaxNode node = tree.GetRoot().FindToken(start).Parent!;
        ExpressionSyntax? before = ExpressionBeforeDot(node);
        bool isMember = before is not null;
        if (before is null && start > 0 && code[start - 1] == '.')
            return CompletionList.None;
        IEnumerable<ISymbol> symbols = before is null ? InScope(model, start, node) : Members(model, before, start);
        IEnumerable<ISymbol> usable = symbols.Where(symbol => IsUsable(symbol, isMember));
        if (!isMember && typed.Length == 0)
            usable = usable.Where(IsOwn); // (4)
        IEnumerable<CompletionItem> items = usable
            .GroupBy(symbol => symbol.Name)
            .Select(group => (Rank: Rank(group.Key, typed), Distance: isMember ? MemberDistance(group.First()) : Distance(group.First()),
                Symbols: group.ToList()))
            .Where(found => found.Rank >= 0)
            .OrderBy(found => found.Rank).ThenBy(found => found.Distance)
            .ThenBy(found => found.Symbols[0].Name, StringComparer.OrdinalIgnoreCase)
            .Take(MostItems)
            .Select(found => SymbolText.Item(found.Symbols));
        return new CompletionList(
            start, position - start, [.. NamedArguments(model, node, typed), .. items, .. isMember ? [] : Words(typed)]);
    }

    private static int Rank(string name, string typed) // (3)
    {
        if (name.StartsWith(typed, StringComparison.Ordinal))
            return 0;
        if (name.StartsWith(typed, StringComparison.OrdinalIgnoreCase))
            return 1;
        string capitals = new([.. name.Where(char.IsUpper)]);
        if (typed.Length > 1 && capitals.StartsWith(typed, StringComparison.OrdinalIgnoreCase))
            return 2;
        return typed.Length > 2 && name.Contains(typed, StringComparison.OrdinalIgnoreCase) ? 3 : -1;
    }

    /// <summary>The type's own members come first, those that are awaited by simulated threads after them, every object's last.</summary>
    private static int MemberDistance(ISymbol symbol) => symbol switch
    {
        { ContainingType.SpecialType: SpecialType.System_Object }
            or { ContainingType.SpecialType: SpecialType.System_Enum }
            or { Name: "Equals" or "GetHashCode" or "ToString" or "Deconstruct" } => 3,
        IMethodSymbol { ReducedFrom: not null } when !IsOwn(symbol) => 2,
        _ => symbol.Name.EndsWith("Async", StringComparison.Ordinal) ? 1 : 0,
    };

    private static int Distance(ISymbol symbol) => symbol switch
    {
        ILocalSymbol or IParameterSymbol or IRangeVariableSymbol => 0,
        { ContainingType.IsScriptClass: true } => 0,
        { ContainingType.Name: nameof(Experiment) } => 1,
        _ when IsOwn(symbol) => 2,
        INamespaceSymbol => 4,
        _ => 3,
    };

    private static bool IsOwn(ISymbol symbol) =>
        symbol is ILocalSymbol or IParameterSymbol or IRangeVariableSymbol
        || symbol.ContainingType is { IsScriptClass: true }
        || (symbol is not INamespaceSymbol && symbol.ContainingAssembly?.Name.StartsWith("ExtShell.", StringComparison.Ordinal) == true);

    private static bool IsUsable(ISymbol symbol, bool isMember) =>
        symbol.CanBeReferencedByName
        && symbol.Name != LastValue.Name
        && symbol is not IMethodSymbol { MethodKind: MethodKind.Constructor or MethodKind.PropertyGet or MethodKind.PropertySet }
        && (isMember || symbol.ContainingType is null or { SpecialType: not SpecialType.System_Object })
        && !symbol.GetAttributes().Any(attribute => attribute.AttributeClass?.Name == "ObsoleteAttribute");

    private static IEnumerable<CompletionItem> Words(string typed) => typed.Length == 0
        ? []
        : Keywords.Where(word => word.StartsWith(typed, StringComparison.Ordinal)).Distinct().Order(StringComparer.Ordinal)
            .Select(word => new CompletionItem(word, CompletionKind.Keyword, "keyword"));

    private static IEnumerable<CompletionItem> NamedArguments(SemanticModel model, SyntaxNode node, string typed)
    {
        if (node.Parent is not ArgumentSyntax { NameColon: null, Parent: ArgumentListSyntax list })
            return [];
        var given = list.Arguments.Select(argument => argument.NameColon?.Name.Identifier.Text).ToHashSet();
        return SignatureFinder.Overloads(model, list)
            .SelectMany(method => method.Parameters)
            .Where(parameter => !given.Contains(parameter.Name) && typed.Length > 0 && Rank(parameter.Name, typed) is 0 or 1)
            .DistinctBy(parameter => parameter.Name)
            .Select(parameter => new CompletionItem(
                parameter.Name + ": ", CompletionKind.Variable, SymbolText.Item([parameter]).Signature));
    }

    private static bool IsInText(string code, int position)
    {
        SyntaxToken token = SubmissionSyntax.Parse(code).GetRoot().FindToken(position);
        return !token.IsKind(SyntaxKind.IdentifierToken) || !token.Span.Contains(position);
    }

    private static ExpressionSyntax? ExpressionBeforeDot(SyntaxNode node) => node switch
    {
        SimpleNameSyntax { Parent: MemberAccessExpressionSyntax access } name when access.Name == name => access.Expression,
        SimpleNameSyntax { Parent: QualifiedNameSyntax qualified } name when qualified.Right == name => qualified.Left,
        SimpleNameSyntax { Parent: MemberBindingExpressionSyntax binding } =>
            binding.Ancestors().OfType<ConditionalAccessExpressionSyntax>().FirstOrDefault()?.Expression,
        _ => null,
    };

    private static IEnumerable<ISymbol> InScope(SemanticModel model, int position, SyntaxNode node)
    {
        bool wantsType = node is SimpleNameSyntax { Parent: ObjectCreationExpressionSyntax creation } && creation.Type == node;
        IEnumerable<ISymbol> all = model.LookupSymbols(position);
        return wantsType ? all.Where(symbol => symbol is INamespaceSymbol or INamedTypeSymbol { IsAbstract: false }) : all;
    }

    /// <summary>
    /// The members of what an expression is: of a namespace or a type those that belong to it, of a value those of its type.
    /// </summary>
    private static IEnumerable<ISymbol> Members(SemanticModel model, ExpressionSyntax expression, int position)
    {
        ISymbol? symbol = model.GetSymbolInfo(expression).Symbol;
        if (symbol is INamespaceSymbol space)
            return model.LookupNamespacesAndTypes(position, space);
        if (symbol is ITypeSymbol type)
            return model.LookupSymbols(position, type).Where(member => member.IsStatic || member is INamedTypeSymbol);
        ITypeSymbol? value = model.GetTypeInfo(expression).Type
            ?? model.GetSpeculativeTypeInfo(position, expression, SpeculativeBindingOption.BindAsExpression).Type;
        return value is null or IErrorTypeSymbol or { SpecialType: SpecialType.System_Void }
            ? []
            : model.LookupSymbols(position, value, includeReducedExtensionMethods: true)
                .Where(member => !member.IsStatic && member is not INamedTypeSymbol);
    }
}
