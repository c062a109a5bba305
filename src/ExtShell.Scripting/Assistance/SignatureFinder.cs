using ExtShell.Scripting.Compiling;
using ExtShell.Scripting.Contracts.Assistance;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ExtShell.Scripting.Assistance;

/// <summary>The call whose arguments are being typed at a place.</summary>
internal static class SignatureFinder
{
    public static SignatureHelp Find(Func<string, CSharpCompilation> compile, string code, int position)
    {
        ArgumentListSyntax? list = Around(SubmissionSyntax.Parse(code).GetRoot(), position);
        if (list is null)
            return SignatureHelp.None;
        CSharpCompilation compilation = compile(code);
        SyntaxTree tree = ScriptCompiler.MainTree(compilation);
        if (Around(tree.GetRoot(), position) is not { } arguments)
            return SignatureHelp.None;
        List<IMethodSymbol> overloads =
            [.. Overloads(compilation.GetSemanticModel(tree), arguments).OrderBy(method => method.Parameters.Length)];
        if (overloads.Count == 0)
            return SignatureHelp.None;
        int index = arguments.Arguments.GetSeparators().Count(comma => comma.SpanStart < position);
        string? name = index < arguments.Arguments.Count ? arguments.Arguments[index].NameColon?.Name.Identifier.Text : null;
        int best = Math.Max(0, overloads.FindIndex(method => Fits(method, index, name)));
        int parameter = name is null ? index : overloads[best].Parameters.ToList().FindIndex(candidate => candidate.Name == name);
        return new SignatureHelp([.. overloads.Select(SymbolText.Signature)], best, parameter);
    }

    /// <summary>The methods that a list of arguments can be for.</summary>
    public static IEnumerable<IMethodSymbol> Overloads(SemanticModel model, ArgumentListSyntax arguments) => arguments.Parent switch
    {
        InvocationExpressionSyntax call => Accessible(model, call, Group(model, call.Expression)),
        ObjectCreationExpressionSyntax creation when model.GetSymbolInfo(creation.Type).Symbol is INamedTypeSymbol type =>
            Accessible(model, creation, type.InstanceConstructors),
        ImplicitObjectCreationExpressionSyntax creation when model.GetTypeInfo(creation).ConvertedType is INamedTypeSymbol type =>
            Accessible(model, creation, type.InstanceConstructors),
        _ => [],
    };

    private static IEnumerable<IMethodSymbol> Group(SemanticModel model, ExpressionSyntax expression)
    {
        IEnumerable<ISymbol> group = model.GetMemberGroup(expression);
        if (!group.Any())
            group = model.GetSymbolInfo(expression) is { Symbol: { } one } ? [one] : model.GetSymbolInfo(expression).CandidateSymbols;
        return group.OfType<IMethodSymbol>();
    }

    private static IEnumerable<IMethodSymbol> Accessible(SemanticModel model, SyntaxNode place, IEnumerable<IMethodSymbol> methods) =>
        methods.Where(method => model.IsAccessible(place.SpanStart, method));

    private static bool Fits(IMethodSymbol method, int index, string? name) => name is null
        ? method.Parameters.Length > index || method.Parameters.LastOrDefault() is { IsParams: true }
        : method.Parameters.Any(parameter => parameter.Name == name);

    private static ArgumentListSyntax? Around(SyntaxNode root, int position)
    {
        SyntaxToken token = root.FindToken(Math.Max(0, position - 1));
        foreach (ArgumentListSyntax list in token.Parent?.AncestorsAndSelf().OfType<ArgumentListSyntax>() ?? [])
        {
            bool isInside = position > list.OpenParenToken.SpanStart
                && (list.CloseParenToken.IsMissing || position <= list.CloseParenToken.SpanStart);
            if (isInside)
                return list;
        }

        return null;
    }
}
