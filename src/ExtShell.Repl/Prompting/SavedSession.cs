using ExtShell.Scripting.Contracts;

namespace ExtShell.Repl.Prompting;

/// <summary>The session as a file: a script, or a Pester test that runs the script and wants every report to be clean.</summary>
internal static class SavedSession
{
    private const string Keep = "Keep({0});";
    private const string Print = "Print({0});";

    /// <summary>Writes the file; answers what is to be said of it.</summary>
    public static string Write(PromptSession session, string path)
    {
        bool isTest = path.EndsWith(".Tests.ps1", StringComparison.OrdinalIgnoreCase);
        string script = isTest ? ReportScript(session) : PlainScript(session);
        File.WriteAllText(path, isTest ? PesterTest(script, Path.GetFileName(path)) : script);
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
                Set-Content -LiteralPath $path -Value @'
        {{script.TrimEnd()}}
        '@
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
