using System.Collections;
using System.Globalization;
using System.Management.Automation;
using ExtShell.Scripting.Contracts;

namespace ExtShell.PowerShell.Binding;

/// <summary>
/// What does not compile, and what a script throws, as PowerShell shows its own errors of parsing: the file, the line with its number, a
/// caret under the place.
/// </summary>
/// <remarks>
/// PowerShell's view of errors runs the lines of a message together. Where the target is a table with a line and its text, it shows those
/// instead of the place of the call.
/// </remarks>
internal static class ScriptErrors
{
    private const int NumberColumns = 4;

    public static ErrorRecord RecordOf(ScriptCompilationException failure, ScriptDiagnostic diagnostic)
    {
        var target = new Hashtable
        {
            ["File"] = string.Create(CultureInfo.InvariantCulture,
                $"{(diagnostic.Path.Length == 0 ? "script" : diagnostic.Path)}:{diagnostic.Line}:{diagnostic.Column}"),
            ["Line"] = diagnostic.Line,
            ["LineText"] = Marked(diagnostic),
            ["Diagnostic"] = diagnostic,
        };
        return new ErrorRecord(failure, "Ext.ScriptCompilation", ErrorCategory.ParserError, target)
        {
            ErrorDetails =
                new ErrorDetails($"error {diagnostic.Id}: {diagnostic.Message}") { RecommendedAction = "Correct the script at the caret." },
        };
    }

    /// <summary>The script's own line, of what failed when it ran.</summary>
    public static Hashtable TargetOf(ScriptPlace place) => new()
    {
        ["File"] = string.Create(CultureInfo.InvariantCulture, $"{(place.Path.Length == 0 ? "script" : place.Path)}:{place.Line}"),
        ["Line"] = place.Line,
        ["LineText"] = place.SourceLine,
        ["Place"] = place,
    };

    private static string Marked(ScriptDiagnostic diagnostic)
    {
        string line = diagnostic.SourceLine.Replace('\t', ' ');
        string text = line.TrimStart();
        int at = Math.Max(0, diagnostic.Column - 1 - (line.Length - text.Length));
        int length = Math.Clamp(diagnostic.Length, 1, Math.Max(1, text.Length - at));
        int margin = Math.Max(NumberColumns, diagnostic.Line.ToString(CultureInfo.InvariantCulture).Length) + 1;
        return $"{text}\n{new string(' ', margin)}| {new string(' ', at)}{new string('^', length)}";
    }
}
