namespace ExtShell.Scripting.Contracts;

/// <summary>An error of a script, with its place.</summary>
/// <param name="Id">The compiler's number, such as <c>CS0103</c>.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Path">The file; empty at a prompt.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="Column">The column, from 1.</param>
/// <param name="SourceLine">The line's text.</param>
/// <param name="Length">How many characters are meant.</param>
public sealed record ScriptDiagnostic(string Id, string Message, string Path, int Line, int Column, string SourceLine, int Length)
{
    /// <summary>File, line, message, the line itself, and a caret under the place.</summary>
    public override string ToString()
    {
        string file = Path.Length == 0 ? "" : System.IO.Path.GetFileName(Path);
        string before = SourceLine[..Math.Clamp(Column - 1, 0, SourceLine.Length)];
        string caret = string.Concat(before.Select(static letter => letter == '\t' ? '\t' : ' ')) + new string(
            '^', Math.Max(1, Math.Min(Length, Math.Max(1, SourceLine.Length - Column + 1))));
        return $"{file}({Line},{Column}): error {Id}: {Message}{Environment.NewLine}  {SourceLine}{Environment.NewLine}  {caret}";
    }
}
