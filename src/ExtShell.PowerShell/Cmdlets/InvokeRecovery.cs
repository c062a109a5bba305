using System.Management.Automation;
using ExtShell.Engine.Volumes;
using ExtShell.Lab.Crash;
using ExtShell.Lab.Verbs;
using ExtShell.PowerShell.Binding;

namespace ExtShell.PowerShell.Cmdlets;

/// <summary>
/// Recovers an image file, or a copy of a crash state, as mounting it does: replays the journal, finishes orphans; returns what was done.
/// </summary>
[Cmdlet(VerbsLifecycle.Invoke, "Recovery", SupportsShouldProcess = true, DefaultParameterSetName = "CrashState")]
[OutputType(typeof(RecoveryResult))]
public sealed class InvokeRecovery : ExtCmdlet
{
    /// <summary>The crash state, or a finding that shows it; it stays as it is.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "CrashState", ValueFromPipeline = true)]
    [CrashStateArgument]
    public CrashState CrashState { get; set; } = null!;

    /// <summary>The image file; it is changed for good.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Path", ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("FullName")]
    public string Path { get; set; } = "";

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName == "CrashState")
        {
            Invoke(CrashState, () => Recover(Laboratory.MountCrashState(CrashState), CrashState.ToString()));
            return;
        }

        string path = HostPath(Path);
        if (ShouldProcess(path, "Replay the journal, and truncate or delete orphans"))
            Invoke(path, () => Recover(VolumeRegistry.Keep(Laboratory.OpenVolume(path)), path));
    }

    private void Recover(Volume volume, string source)
    {
        var result = new RecoveryResult(source, volume.Recovery, volume.Orphans.TruncatedCount, volume.Orphans.DeletedCount);
        VolumeRegistry.Release(volume);
        WriteObject(result);
    }
}
