using System.Management.Automation;
using ExtShell.Engine.Volumes;
using ExtShell.Lab.Verbs;
using ExtShell.PowerShell.Binding;

namespace ExtShell.PowerShell.Cmdlets;

/// <summary>Lets the device of a volume work again: takes back what Add-Fault asked of it.</summary>
[Cmdlet(VerbsCommon.Clear, "Fault")]
[OutputType(typeof(Volume))]
public sealed class ClearFault : VolumeCmdlet
{
    /// <summary>Passes the volume on.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => InvokeOn(Volume, Volume, () =>
    {
        Volume.ClearFaults();
        return PassThru ? Volume : null;
    });
}
