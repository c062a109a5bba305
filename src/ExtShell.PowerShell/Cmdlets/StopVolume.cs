using System.Management.Automation;
using ExtShell.Engine.Volumes;
using ExtShell.PowerShell.Binding;

namespace ExtShell.PowerShell.Cmdlets;

/// <summary>
/// Shuts a volume down at once, as EXT4_IOC_SHUTDOWN does: every later call answers EIO. It is no power cut: see Invoke-Crash for that.
/// </summary>
[Cmdlet(VerbsLifecycle.Stop, "Volume", SupportsShouldProcess = true)]
[OutputType(typeof(Volume))]
public sealed class StopVolume : VolumeCmdlet
{
    /// <summary>What is written first: Flush everything, LogFlush the journal only, NoLogFlush nothing.</summary>
    [Parameter(Position = 0)]
    public ShutdownKind Kind { get; set; } = ShutdownKind.Flush;

    /// <summary>Passes the volume on.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (!ShouldProcess(Volume.ToString(), $"Shut down ({Kind})"))
            return;
        InvokeOn(Volume, Volume, () =>
        {
            Volume.Shutdown(Kind);
            return PassThru ? Volume : null;
        });
    }
}
