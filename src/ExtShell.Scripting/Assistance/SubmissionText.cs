using ExtShell.Scripting.Compiling;
using ExtShell.Scripting.Contracts;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ExtShell.Scripting.Assistance;

/// <summary>Makes one script of a prompt's submissions.</summary>
/// <remarks>
/// (1) A last expression without a semicolon takes the form that the entry says.
/// (2) A prompt may declare a variable again, a script may not: the second declaration becomes an assignment. Where its type was another one the
/// result does not compile, which <see cref="IScriptSession.Check"/> tells.
/// (3) A line that begins with <c>#</c> (<c>#r</c>, <c>#load</c>) goes to the top: a script wants it there.
/// </remarks>
internal static class SubmissionText
{
    public static string ToScript(IReadOnlyList<SessionEntry> entries)
    {
        var directives = new List<string>();
        var statements = new List<string>();
        var declared = new HashSet<string>(StringComparer.Ordinal);
        foreach (SessionEntry entry in entries)
        {
            string[] lines = entry.Code.Trim().Split('\n');
            int first = Array.FindIndex(lines, static line => !line.StartsWith('#'));
            directives.AddRange(first < 0 ? lines : lines[..first]); // (3)
            if (first >= 0)
                statements.Add(Declared(Statements(string.Join('\n', lines[first..]), entry.Form), declared));
        }

        return string.Join('\n', [.. directives, .. statements, ""]);
    }

    private static string Statements(string code, string form) // (1)
    {
        if (SubmissionSyntax.LacksLastSemicolon(code))
            return code + ";";
        return SubmissionSyntax.LastExpression(SubmissionSyntax.Parse(code)) is { } last
            ? code[..last.SpanStart] + form.Replace("{0}", last.ToString(), StringComparison.Ordinal) + code[last.Span.End..]
            : code;
    }

    private static string Declared(string statements, HashSet<string> declared) // (2)
    {
        CompilationUnitSyntax root = (CompilationUnitSyntax)SubmissionSyntax.Parse(statements).GetRoot();
        var edits = new List<(int Start, int Length)>();
        foreach (FieldDeclarationSyntax field in root.Members.OfType<FieldDeclarationSyntax>())
        {
            bool isAgain = false;
            foreach (VariableDeclaratorSyntax variable in field.Declaration.Variables)
                isAgain |= !declared.Add(variable.Identifier.Text);
            if (isAgain && field.Declaration.Variables is [{ Initializer: not null } only])
                edits.Add((field.SpanStart, only.SpanStart - field.SpanStart));
        }

        for (int i = edits.Count - 1; i >= 0; i--)
            statements = statements.Remove(edits[i].Start, edits[i].Length);
        return statements;
    }
}
