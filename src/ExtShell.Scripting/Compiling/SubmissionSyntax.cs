using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ExtShell.Scripting.Compiling;

/// <summary>What can be said of a submission by its syntax alone.</summary>
internal static class SubmissionSyntax
{
    public static CSharpParseOptions Options { get; } = new(LanguageVersion.Latest, DocumentationMode.None, SourceCodeKind.Script);

    public static SyntaxTree Parse(string code) => SyntaxFactory.ParseSyntaxTree(code, Options);

    public static bool IsComplete(string code) => SyntaxFactory.IsCompleteSubmission(Parse(code)) || LacksLastSemicolon(code);

    /// <summary>Whether the code ends in a declaration with a value, a return or a throw, whole but for its semicolon.</summary>
    public static bool LacksLastSemicolon(string code)
    {
        if (SyntaxFactory.IsCompleteSubmission(Parse(code)))
            return false;
        SyntaxTree closed = Parse(code + ";");
        return closed.GetCompilationUnitRoot()
            .Members.LastOrDefault() is FieldDeclarationSyntax { Declaration.Variables: [.., { Initializer: not null }] }
                or GlobalStatementSyntax
                {
                    Statement: ReturnStatementSyntax { Expression: not null } or ThrowStatementSyntax { Expression: not null },
                }
            && !closed.GetDiagnostics().Any(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
    }

    /// <summary>The expression without a semicolon at the end, which is the submission's value; null for none.</summary>
    public static ExpressionSyntax? LastExpression(SyntaxTree tree) =>
        tree.GetCompilationUnitRoot().Members.LastOrDefault() is GlobalStatementSyntax
        {
            Statement: ExpressionStatementSyntax { SemicolonToken.IsMissing: true } last,
        }
            ? last.Expression
            : null;

    /// <summary>Whether a statement of the submission itself, not of a function in it, returns a value.</summary>
    public static bool ReturnsValue(SyntaxTree tree) => tree.GetCompilationUnitRoot()
        .DescendantNodes(static node =>
            node is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax or BaseMethodDeclarationSyntax
                or BaseTypeDeclarationSyntax))
        .Any(static node => node is ReturnStatementSyntax { Expression: not null });
}
