using System.Management.Automation;
using ExtShell.PowerShell.Binding;

namespace ExtShell.PowerShell.Cmdlets;

/// <summary>
/// Leaves the state that was entered last, of a crash or of a schedule: goes back to where one was, and removes the drive.
/// </summary>
[Cmdlet(VerbsCommon.Exit, "CrashState")]
[Alias("Exit-Schedule")]
public sealed class ExitCrashState : ExtCmdlet
{
    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (!EnterCmdlet.TryExit(SessionState))
            WriteWarning("No crash state and no schedule was entered.");
    }
}
