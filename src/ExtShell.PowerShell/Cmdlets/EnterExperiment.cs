using System.Management.Automation;
using ExtShell.PowerShell.Binding;
using ExtShell.Scripting.Contracts;

namespace ExtShell.PowerShell.Cmdlets;

/// <summary>
/// A C# prompt inside PowerShell: lines are run as a script, with the verbs and objects that cmdlets use; <c>#help</c> helps, <c>#exit</c>
/// leads back.
/// </summary>
/// <remarks>
/// PowerShell's variables come in with -Argument: <c>Argument&lt;Volume&gt;("v")</c>. Results are shown as PowerShell shows them. For
/// completion, highlighting and history use the program extshell.
/// </remarks>
[Cmdlet(VerbsCommon.Enter, "Experiment")]
public sealed class EnterExperiment : ExperimentCmdlet
{
    private const string Help = """
    A submission is C#: an expression shows its value, what is declared stays, _ is the last result. Two empty lines end what is not whole.
    #load "FILE" runs a script, #r "FILE" and #r "nuget: NAME, 1.2.3" refer to an assembly and a package, #reset forgets what was declared
    and unmounts what was made here, #exit leads back to PowerShell, and so does Ctrl+C. Get-Help about_ExtShell_Scripting says more.
    """;

    private bool _isReset;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        do
        {
            using Experiment experiment = NewExperiment();
            Prompt(ScriptHostLoader.Host.NewSession(experiment));
        }
        while (_isReset);
    }

    private void Prompt(IScriptSession session)
    {
        _isReset = false;
        while (!Stopping && ReadSubmission(session) is { } code)
        {
            switch (code.Trim())
            {
                case "#exit" or "exit":
                    return;
                case "#reset":
                    _isReset = true;
                    return;
                case "#help":
                    Host.UI.WriteLine(Help);
                    break;
                default:
                    Invoke(code, () => Submit(session, code, null));
                    break;
            }
        }
    }

    /// <summary>Lines until they are whole, or two of them are empty; null at the end of input.</summary>
    private string? ReadSubmission(IScriptSession session)
    {
        string code = "";
        int emptyLines = 0;
        do
        {
            Host.UI.Write(code.Length == 0 ? "extshell> " : "     ...> ");
            if (Host.UI.ReadLine() is not { } line)
                return null;
            code += line + "\n";
            emptyLines = string.IsNullOrWhiteSpace(line) ? emptyLines + 1 : 0;
        }
        while (emptyLines < 2 && !code.StartsWith('#') && !session.IsComplete(code));
        return code;
    }

    /// <inheritdoc/>
    protected override void Write(object? value) => InvokeCommand.InvokeScript(
        useLocalScope: true, ScriptBlock.Create("param($value) $value | Out-Host"), null, value);
}
