using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ExtShell.Scripting.Compiling;

/// <summary><c>_</c>, the value of the last submission.</summary>
/// <remarks>
/// (1) To the compiler <c>_</c> is a discard wherever no variable has that name: a variable named so would break <c>out _</c> and
/// <c>_ = f()</c>. So the variable has another name, one letter long as well, so that places in messages stay right, and where <c>_</c> is
/// read it is written instead.
/// (2) It is declared again, with the value's own type, when the next submission that reads it comes.
/// </remarks>
internal static class LastValue
{
    /// <summary>The variable's name: U+02CD, a letter that looks like an underscore.</summary>
    public const string Name = "\u02CD";

    /// <summary>The code with a variable where <c>_</c> is read; the code itself where it is not.</summary>
    public static string Replace(string code, string name = Name)
    {
        if (!code.Contains('_', StringComparison.Ordinal))
            return code;
        SyntaxNode root = SubmissionSyntax.Parse(code).GetRoot();
        if (root.DescendantNodes().Any(static node => node is VariableDeclaratorSyntax { Identifier.Text: "_" }))
            return code;
        foreach (SyntaxNode node in root.DescendantNodes().Reverse())
        {
            if (node is IdentifierNameSyntax { Identifier.Text: "_" } read && IsRead(read))
                code = code.Remove(read.SpanStart, 1).Insert(read.SpanStart, name);
        }

        return code;
    }

    /// <summary>A message as the user's own code would have caused it.</summary>
    public static string Restore(string message) => message.Replace(Name, "_", StringComparison.Ordinal);

    /// <summary>The declaration of the variable; <c>dynamic</c> where its type cannot be written.</summary>
    public static string Declare(string type) =>
        type.Length == 0 ? $"dynamic {Name} = LastResult;" : $"{type} {Name} = ({type})LastResult;";

    /// <summary>How C# writes the type; empty where it cannot.</summary>
    public static string TypeName(Type? type) => type switch
    {
        null => "object",
        { IsVisible: true, IsGenericType: false, IsArray: false, FullName: { } name } => "global::" + name.Replace('+', '.'),
        _ => "",
    };

    private static bool IsRead(IdentifierNameSyntax name) => name.Parent switch
    {
        AssignmentExpressionSyntax assignment when assignment.Left == name => false,
        ArgumentSyntax { RefKindKeyword.Text: "out" } => false,
        ArgumentSyntax { Parent: TupleExpressionSyntax { Parent: AssignmentExpressionSyntax assignment } tuple }
            when assignment.Left == tuple => false,
        MemberAccessExpressionSyntax access when access.Name == name => false,
        NameColonSyntax or NameEqualsSyntax => false,
        _ => !name.Ancestors().Any(HasParameter),
    };

    private static bool HasParameter(SyntaxNode node) => node switch
    {
        SimpleLambdaExpressionSyntax lambda => lambda.Parameter.Identifier.Text == "_",
        ParenthesizedLambdaExpressionSyntax lambda => lambda.ParameterList.Parameters.Any(IsUnderscore),
        AnonymousMethodExpressionSyntax method => method.ParameterList?.Parameters.Any(IsUnderscore) ?? false,
        LocalFunctionStatementSyntax function => function.ParameterList.Parameters.Any(IsUnderscore),
        BaseMethodDeclarationSyntax method => method.ParameterList.Parameters.Any(IsUnderscore),
        _ => false,
    };

    private static bool IsUnderscore(ParameterSyntax parameter) => parameter.Identifier.Text == "_";
}
