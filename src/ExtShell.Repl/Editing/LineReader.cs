using System.Text;
using ExtShell.Repl.Prompting;

namespace ExtShell.Repl.Editing;

/// <summary>Reads submissions from lines: one ends where it is whole, or after two empty lines.</summary>
internal sealed class LineReader(TextReader input, TextWriter output, PromptSession session) : ISubmissionReader
{
    public string? Read(string title)
    {
        var code = new StringBuilder();
        int emptyLines = 0;
        output.Write("> ");
        while (input.ReadLine() is { } line)
        {
            code.AppendLine(line);
            string text = code.ToString();
            emptyLines = string.IsNullOrWhiteSpace(line) ? emptyLines + 1 : 0;
            if (emptyLines == 2 || PromptCommands.IsCommand(text) || session.Scripts.IsComplete(text))
                return text;
            output.Write("… ");
        }

        return code.Length == 0 ? null : code.ToString();
    }
}
