using System.Management.Automation;
using ExtShell.PowerShell.Binding;
using ExtShell.Scripting.Contracts;

namespace ExtShell.PowerShell.Cmdlets;

/// <summary>
/// A C# prompt inside PowerShell: lines are run as a script, with the verbs and objects that cmdlets use; <c>#exit</c> leads back.
/// </summary>
/// <remarks>
/// PowerShell's variables come in with -Argument: <c>Argument&lt;Volume&gt;("v")</c>. Results are shown as PowerShell shows them. For completion,
/// highlighting and history use the program extshell.
/// </remarks>
[Cmdlet(VerbsCommon.Enter, "Experiment")]
public sealed class EnterExperiment : ExperimentCmdlet
{
    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        using Experiment experiment = NewExperiment();
        IScriptSession session = ScriptHostLoader.Host.NewSession(experiment);
        string code = "";
        while (!Stopping)
        {
            Host.UI.Write(code.Length == 0 ? "extshell> " : "     ...> ");
            string? line = Host.UI.ReadLine();
            if (line is null || line.Trim() is "#exit" or "exit")
                return;
            code += line + "\n";
            if (!session.IsComplete(code))
                continue;
            Invoke(code, () => Submit(session, code, null));
            code = "";
        }
    }

    /// <inheritdoc/>
    protected override void Write(object? value) => InvokeCommand.InvokeScript(
        useLocalScope: true, ScriptBlock.Create("param($value) $value | Out-Host"), null, value);
}
