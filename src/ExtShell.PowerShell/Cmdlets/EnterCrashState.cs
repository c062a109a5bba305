using System.Management.Automation;
using ExtShell.Engine.Volumes;
using ExtShell.Lab.Crash;
using ExtShell.Lab.Verbs;
using ExtShell.PowerShell.Binding;

namespace ExtShell.PowerShell.Cmdlets;

/// <summary>
/// Steps into what a disk holds after a power cut: mounts a copy, recovered, as a drive, and goes there. Exit-CrashState leads back.
/// </summary>
/// <remarks>It can be written, and nobody minds: the crash state stays as it is.</remarks>
[Cmdlet(VerbsCommon.Enter, "CrashState", DefaultParameterSetName = "CrashState")]
[OutputType(typeof(Volume))]
public sealed class EnterCrashState : EnterCmdlet
{
    /// <summary>The crash state.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "CrashState", ValueFromPipeline = true)]
    public CrashState CrashState { get; set; } = null!;

    /// <summary>A finding of Search-CrashState: the state that shows it.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Finding", ValueFromPipeline = true)]
    public CrashFinding Finding { get; set; } = null!;

    /// <summary>Returns the volume behind the drive.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => Invoke(CrashState, () =>
    {
        CrashState state = ParameterSetName == "Finding"
            ? Finding.Example ?? throw new Format.Errors.FileSystemException(
                Format.Errors.Errno.ENODATA, "enter a crash state", "the finding has no example")
            : CrashState;
        Volume volume = Laboratory.MountCrashState(state);
        Enter(volume, "crash", state.ToString());
        if (PassThru)
            WriteObject(volume);
    });
}
