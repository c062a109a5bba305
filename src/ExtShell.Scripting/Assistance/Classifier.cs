using ExtShell.Scripting.Compiling;
using ExtShell.Scripting.Contracts.Assistance;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ExtShell.Scripting.Assistance;

/// <summary>What the tokens of a submission are: words and literals by the parser, names by the compiler's meaning of them.</summary>
internal static class Classifier
{
    public static List<ClassifiedSpan> Classify(CSharpCompilation compilation)
    {
        SyntaxTree tree = ScriptCompiler.MainTree(compilation);
        SemanticModel model = compilation.GetSemanticModel(tree);
        var spans = new List<ClassifiedSpan>();
        foreach (SyntaxToken token in tree.GetRoot().DescendantTokens())
        {
            AddTrivia(spans, token.LeadingTrivia);
            if (token.Span.Length > 0 && Kind(model, token) is { } kind)
                spans.Add(new ClassifiedSpan(token.SpanStart, token.Span.Length, kind));
            AddTrivia(spans, token.TrailingTrivia);
        }

        return spans;
    }

    private static void AddTrivia(List<ClassifiedSpan> spans, SyntaxTriviaList trivia)
    {
        foreach (SyntaxTrivia piece in trivia)
        {
            CodeKind? kind = piece.IsDirective ? CodeKind.Directive
                : piece.Kind() is SyntaxKind.SingleLineCommentTrivia or SyntaxKind.MultiLineCommentTrivia ? CodeKind.Comment
                : null;
            if (kind is { } known)
                spans.Add(new ClassifiedSpan(piece.SpanStart, piece.Span.Length, known));
        }
    }

    private static CodeKind? Kind(SemanticModel model, SyntaxToken token)
    {
        SyntaxKind kind = token.Kind();
        if (kind == SyntaxKind.NumericLiteralToken)
            return CodeKind.Number;
        if (IsText(kind))
            return CodeKind.Text;
        if (SyntaxFacts.IsKeywordKind(kind)
            || token is { RawKind: (int)SyntaxKind.IdentifierToken, Text: "var", Parent: IdentifierNameSyntax { IsVar: true } })
            return CodeKind.Keyword;
        return kind == SyntaxKind.IdentifierToken ? KindOfName(model, token) : null;
    }

    private static bool IsText(SyntaxKind kind) => kind is SyntaxKind.CharacterLiteralToken or SyntaxKind.StringLiteralToken
        or SyntaxKind.Utf8StringLiteralToken or SyntaxKind.SingleLineRawStringLiteralToken or SyntaxKind.MultiLineRawStringLiteralToken
        or SyntaxKind.InterpolatedStringTextToken or SyntaxKind.InterpolatedStringStartToken or SyntaxKind.InterpolatedStringEndToken
        or SyntaxKind.InterpolatedVerbatimStringStartToken or SyntaxKind.InterpolatedSingleLineRawStringStartToken
        or SyntaxKind.InterpolatedMultiLineRawStringStartToken or SyntaxKind.InterpolatedRawStringEndToken;

    private static CodeKind? KindOfName(SemanticModel model, SyntaxToken token)
    {
        if (token.Text == LastValue.Name)
            return CodeKind.Variable;
        ISymbol? symbol = token.Parent switch
        {
            SimpleNameSyntax name =>
                model.GetSymbolInfo(name) is { Symbol: { } one } ? one : model.GetSymbolInfo(name).CandidateSymbols.FirstOrDefault(),
            VariableDeclaratorSyntax or ParameterSyntax or LocalFunctionStatementSyntax or MemberDeclarationSyntax
                or SingleVariableDesignationSyntax
                or ForEachStatementSyntax => model.GetDeclaredSymbol(token.Parent),
            _ => null,
        };
        return symbol switch
        {
            ITypeSymbol => CodeKind.Type,
            IMethodSymbol { MethodKind: MethodKind.Constructor } => CodeKind.Type,
            IMethodSymbol => CodeKind.Method,
            IFieldSymbol { ContainingType.IsScriptClass: true } or ILocalSymbol or IParameterSymbol or IRangeVariableSymbol =>
                CodeKind.Variable,
            IPropertySymbol or IFieldSymbol or IEventSymbol => CodeKind.Property,
            _ => null,
        };
    }
}
