using System.Text.RegularExpressions;
using ExtShell.Scripting.Contracts;

namespace ExtShell.Repl.Prompting;

/// <summary>The session as a file: a script, or a Pester test that runs the script and wants every report to be clean.</summary>
internal static partial class SavedSession
{
    private const string Keep = "Keep({0});";
    private const string Print = "Print({0});";

    /// <summary>What stands for the test's own folder in its script.</summary>
    private const string Here = "{here}";

    /// <summary>Writes the file; answers what is to be said of it.</summary>
    public static string Write(PromptSession session, string path)
    {
        bool isTest = path.EndsWith(".Tests.ps1", StringComparison.OrdinalIgnoreCase);
        string script = isTest ? ReportScript(session) : PlainScript(session);
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        string moved = Rebase(script, folder, isTest ? Here + "/" : "");
        File.WriteAllText(path, isTest ? PesterTest(moved, Path.GetFileName(path)) : moved);
        string what = $"{session.Entries.Count} submission(s) saved in {path}";
        IReadOnlyList<ScriptDiagnostic> wrong = session.Scripts.Check(script);
        return wrong.Count == 0
            ? what
            : string.Join(Environment.NewLine, [what + "; as one script it does not compile, edit it where it says:", .. wrong]);
    }

    private static string PlainScript(PromptSession session) =>
        session.Scripts.ToScript([.. session.Entries.Select(entry => entry with { Form = entry.Form == Keep ? Print : entry.Form })]);

    private static string ReportScript(PromptSession session)
    {
        string statements = session.Scripts.ToScript(session.Entries);
        int directives = statements.StartsWith('#') ? LengthOfDirectives(statements) : 0;
        return $$"""
            {{statements[..directives]}}var reports = new List<object>();
            void Keep(object report) => reports.Add(report);

            {{statements[directives..]}}
            return reports;

            """;
    }

    /// <summary>
    /// The script for another folder: files that <c>#load</c> and <c>#r</c> found from here are named as they are seen from there.
    /// </summary>
    private static string Rebase(string script, string folder, string prefix)
    {
        int directives = LengthOfDirectives(script);
        string moved = FileDirective().Replace(script[..directives], match =>
        {
            string file = match.Groups["file"].Value;
            return Path.IsPathRooted(file) || !File.Exists(file)
                ? match.Value
                : $"{match.Groups["word"].Value}\"{prefix}{Path.GetRelativePath(folder, Path.GetFullPath(file)).Replace('\\', '/')}\"";
        });
        return moved + script[directives..];
    }

    [GeneratedRegex("^(?<word>#(?:load|r)\\s+)\"(?<file>[^\"\n]*)\"", RegexOptions.Multiline)]
    private static partial Regex FileDirective();

    private static int LengthOfDirectives(string script)
    {
        int length = 0;
        while (length < script.Length && script[length] == '#' && script.IndexOf('\n', length) is var end and >= 0)
            length = end + 1;
        return length;
    }

    private static string PesterTest(string script, string name) => $$"""
        # A session of extshell as a Pester test: every report that it looked at must be clean.
        BeforeDiscovery {
            if (-not (Get-Module ExtShell)) { Import-Module ExtShell }
        }

        Describe '{{name[..^".Tests.ps1".Length].Replace("'", "''", StringComparison.Ordinal)}}' {
            BeforeAll {
                $path = Join-Path $TestDrive 'session.csx'
                Set-Content -LiteralPath $path -Value (@'
        {{script.TrimEnd()}}
        '@{{(script.Contains(Here, StringComparison.Ordinal) ? $".Replace('{Here}', $PSScriptRoot)" : "")}})
                $reports = @(Invoke-Experiment $path | Where-Object { $null -ne $_.PSObject.Properties['IsClean'] })
            }

            It 'looked at a report' {
                $reports.Count | Should -BeGreaterThan 0
            }

            It 'has clean reports only' {
                $broken = @($reports | Where-Object { -not $_.IsClean } | ForEach-Object { "$_" })
                $broken -join "`n" | Should -BeNullOrEmpty
            }
        }

        """;
}
