using ExtShell.Engine.IO;
using ExtShell.Engine.Volumes;
using ExtShell.Scripting.Compiling;
using ExtShell.Scripting.Contracts;
using ExtShell.Scripting.Contracts.Assistance;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ExtShell.Scripting.Assistance;

/// <summary>Names inside strings: of protocols and of their switches, where an argument or a property takes those.</summary>
internal static class NameCompletion
{
    private static readonly string[] ProtocolVerbs = [nameof(Experiment.GetProtocol), nameof(Experiment.CompareProtocols)];

    /// <summary>The names that can stand in a string; null where it takes other things.</summary>
    /// <param name="code">The submission up to the caret, which stands in the string.</param>
    /// <param name="start">Where the string begins.</param>
    public static IEnumerable<CompletionItem>? Find(string code, int start)
    {
        SyntaxToken text = SubmissionSyntax.Parse(Closed(code, start)).GetRoot().FindToken(start);
        foreach (SyntaxNode node in text.Parent!.AncestorsAndSelf().TakeWhile(node => node is not StatementSyntax))
        {
            switch (node)
            {
                case ArgumentSyntax { NameColon.Name.Identifier.Text: "protocol" }:
                case ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax call } when ProtocolVerbs.Contains(NameOf(call)):
                case AssignmentExpressionSyntax { Left: IdentifierNameSyntax { Identifier.Text: nameof(MountOptions.Protocol) } }:
                    return WriteProtocols.All.Select(known => new CompletionItem(known.Name, CompletionKind.Constant, known.Summary));
                case ArgumentSyntax { NameColon.Name.Identifier.Text: "switches" }:
                case AssignmentExpressionSyntax { Left: IdentifierNameSyntax { Identifier.Text: nameof(MountOptions.Switches) } }:
                    return Switches(ProtocolBeside(node));
            }
        }

        return null;
    }

    /// <summary>
    /// The code with its string closed, and all that is open before it: what is open is not always parsed as what it will be.
    /// </summary>
    private static string Closed(string code, int start)
    {
        var open = new Stack<char>();
        foreach (SyntaxToken token in SyntaxFactory.ParseTokens(code[..start]))
        {
            switch (token.Kind())
            {
                case SyntaxKind.OpenParenToken:
                    open.Push(')');
                    break;
                case SyntaxKind.OpenBracketToken:
                    open.Push(']');
                    break;
                case SyntaxKind.OpenBraceToken:
                    open.Push('}');
                    break;
                case SyntaxKind.CloseParenToken or SyntaxKind.CloseBracketToken or SyntaxKind.CloseBraceToken:
                    open.TryPop(out _);
                    break;
            }
        }

        return $"{code}\"{string.Concat(open)}";
    }

    private static string NameOf(InvocationExpressionSyntax call) => call.Expression switch
    {
        MemberAccessExpressionSyntax access => access.Name.Identifier.Text,
        SimpleNameSyntax name => name.Identifier.Text,
        _ => "",
    };

    private static IEnumerable<CompletionItem> Switches(string protocol) => WriteProtocols.All
        .Where(known => known.Name.Equals(protocol, StringComparison.OrdinalIgnoreCase))
        .SelectMany(known => known.Switches)
        .Select(known => new CompletionItem(known.Name, CompletionKind.Constant, known.Summary));

    /// <summary>The protocol that is named beside the switches; else the one that a volume has by itself.</summary>
    private static string ProtocolBeside(SyntaxNode node)
    {
        IEnumerable<ExpressionSyntax> named = node.Parent!.ChildNodes().Select(sibling => sibling switch
        {
            ArgumentSyntax { NameColon.Name.Identifier.Text: "protocol" } argument => argument.Expression,
            AssignmentExpressionSyntax { Left: IdentifierNameSyntax { Identifier.Text: nameof(MountOptions.Protocol) } } assignment =>
                assignment.Right,
            _ => null,
        }).OfType<ExpressionSyntax>();
        return named.FirstOrDefault() is LiteralExpressionSyntax literal && literal.IsKind(SyntaxKind.StringLiteralExpression)
            ? literal.Token.ValueText
            : MountOptions.Default.Protocol;
    }
}
