using System.Management.Automation;
using ExtShell.Engine.Volumes;
using ExtShell.Lab.Crash;
using ExtShell.Lab.Verbs;
using ExtShell.PowerShell.Binding;

namespace ExtShell.PowerShell.Cmdlets;

/// <summary>Mounts the volume in an image file, or what a disk holds after a power cut; recovers it where needed.</summary>
[Cmdlet(VerbsData.Mount, "Volume", SupportsShouldProcess = true, DefaultParameterSetName = "CrashState")]
[OutputType(typeof(Volume))]
public sealed class MountVolume : ExtCmdlet
{
    /// <summary>The image file.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Path", ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("FullName")]
    public string Path { get; set; } = "";

    /// <summary>The crash state; it stays as it is.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "CrashState", ValueFromPipeline = true)]
    public CrashState CrashState { get; set; } = null!;

    /// <summary>Mounts it read-only.</summary>
    [Parameter]
    public SwitchParameter ReadOnly { get; set; }

    /// <summary>The direct I/O protocol.</summary>
    [Parameter]
    public string Protocol { get; set; } = MountOptions.Default.Protocol;

    /// <summary>The protocol's defects that are turned on.</summary>
    [Parameter]
    public string[] Switch { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord() => Invoke(Path, () =>
    {
        if (ParameterSetName == "Path" && !ReadOnly && !ShouldProcess(HostPath(Path), "Mount for writing, and recover where needed"))
            return;
        MountOptions mount = MountOptions.Default with { ReadOnly = ReadOnly, Protocol = Protocol, Switches = Switch };
        WriteObject(VolumeRegistry.Keep(ParameterSetName == "Path"
            ? Laboratory.OpenVolume(HostPath(Path), mount)
            : Laboratory.MountCrashState(CrashState, mount)));
    });
}
