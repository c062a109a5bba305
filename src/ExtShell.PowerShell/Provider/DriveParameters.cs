using System.Management.Automation;
using ExtShell.Engine.Volumes;
using ExtShell.Lab.Crash;
using ExtShell.PowerShell.Binding;

namespace ExtShell.PowerShell.Provider;

/// <summary>What New-PSDrive takes for a drive of ExtShell besides the image in -Root.</summary>
public sealed class DriveParameters
{
    /// <summary>The drive can be written; without it nothing changes, not even by recovery.</summary>
    [Parameter]
    public SwitchParameter ReadWrite { get; set; }

    /// <summary>Shows a volume that is mounted, instead of an image; it stays mounted when the drive goes.</summary>
    [Parameter]
    [VolumeArgument]
    [ArgumentCompleter(typeof(VolumeCompleter))]
    public Volume? Volume { get; set; }

    /// <summary>Shows what a disk holds after a power cut, recovered on a copy.</summary>
    [Parameter]
    [CrashStateArgument]
    public CrashState? CrashState { get; set; }
}
