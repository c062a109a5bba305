using ExtShell.Scripting.Compiling;
using ExtShell.Scripting.Contracts;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ExtShell.Scripting.Assistance;

/// <summary>Makes one script of a prompt's submissions.</summary>
/// <remarks>
/// (1) A last expression without a semicolon takes the form that the entry says.
/// (2) A prompt may declare a variable again, a script may not: the second declaration becomes an assignment. Where its type was another
/// one the result does not compile, which <see cref="IScriptSession.Check"/> tells.
/// (3) A value that a later submission reads as <c>_</c> is kept in a variable.
/// (4) A line that begins with <c>#</c> (<c>#r</c>, <c>#load</c>) goes to the top: a script wants it there.
/// </remarks>
internal static class SubmissionText
{
    public static string ToScript(IReadOnlyList<SessionEntry> entries)
    {
        var directives = new List<string>();
        var statements = new List<string>();
        var declared = new HashSet<string>(StringComparer.Ordinal);
        string last = "LastResult";
        for (int i = 0; i < entries.Count; i++)
        {
            string[] lines = LastValue.Replace(entries[i].Code.Trim(), last).Split('\n');
            int first = Array.FindIndex(lines, static line => !line.StartsWith('#'));
            directives.AddRange(first < 0 ? lines : lines[..first]); // (4)
            if (first < 0)
                continue;
            string form = entries[i].Form;
            bool isRead = HasValue(form) && IsRead(entries, i + 1); // (3)
            if (isRead)
            {
                last = $"last{i + 1}";
                form = $"var {last} = {{0}};\n{form.Replace("{0}", last, StringComparison.Ordinal)}";
            }

            statements.Add(Declared(Statements(string.Join('\n', lines[first..]), form), declared));
        }

        return string.Join('\n', [.. directives, .. statements, ""]);
    }

    private static bool HasValue(string form) => form != "{0};";

    /// <summary>Whether <c>_</c> is read before another submission has a value.</summary>
    private static bool IsRead(IReadOnlyList<SessionEntry> entries, int from)
    {
        for (int i = from; i < entries.Count; i++)
        {
            if (LastValue.Replace(entries[i].Code) != entries[i].Code)
                return true;
            if (HasValue(entries[i].Form))
                return false;
        }

        return false;
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
