using System.Management.Automation;
using ExtShell.Engine.Volumes;
using ExtShell.Lab.Crash;
using ExtShell.Lab.Verbs;
using ExtShell.PowerShell.Binding;

namespace ExtShell.PowerShell.Cmdlets;

/// <summary>Mounts the volume in an image file, or what a disk holds after a power cut; recovers it where needed.</summary>
/// <remarks>
/// Mounting replays the journal and finishes orphans, which changes the image for good, unless -ReadOnly and no recovery is needed. A crash
/// state is mounted on a copy: it stays as it is.
/// </remarks>
[Cmdlet(VerbsData.Mount, "Volume", SupportsShouldProcess = true, DefaultParameterSetName = "CrashState")]
[OutputType(typeof(Volume))]
public sealed class MountVolume : MountCmdlet
{
    /// <summary>The image file.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Path", ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("FullName")]
    public string Path { get; set; } = "";

    /// <summary>The crash state, or a finding that shows it; it stays as it is.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "CrashState", ValueFromPipeline = true)]
    [CrashStateArgument]
    public CrashState CrashState { get; set; } = null!;

    /// <summary>Mounts it read-only.</summary>
    [Parameter]
    public SwitchParameter ReadOnly { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => Invoke(Path, () =>
    {
        if (ParameterSetName == "Path" && !ReadOnly && !ShouldProcess(HostPath(Path), "Mount for writing, and recover where needed"))
            return;
        Volume volume = ParameterSetName == "Path"
            ? Laboratory.OpenVolume(HostPath(Path), Mount(ReadOnly))
            : Laboratory.MountCrashState(CrashState, Mount(ReadOnly));
        if (volume.Recovery is { } recovery)
            WriteVerbose($"recovered: {recovery}");
        WriteObject(VolumeRegistry.Keep(volume));
    });
}
