using System.Management.Automation;
using ExtShell.Format.Errors;
using ExtShell.Lab.Crash;
using ExtShell.Lab.Verbs;
using ExtShell.PowerShell.Binding;

namespace ExtShell.PowerShell.Cmdlets;

/// <summary>Writes what a disk holds after a power cut as an image file, not recovered: for e2fsck, debugfs and the kernel.</summary>
[Cmdlet(VerbsData.Export, "CrashState", SupportsShouldProcess = true, DefaultParameterSetName = "CrashState")]
[OutputType(typeof(FileInfo))]
public sealed class ExportCrashState : ExtCmdlet
{
    /// <summary>The image file to make, replacing an image that is there.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    public string Path { get; set; } = "";

    /// <summary>The crash state.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "CrashState", ValueFromPipeline = true)]
    public CrashState CrashState { get; set; } = null!;

    /// <summary>A finding of Search-CrashState: the state that shows it.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Finding", ValueFromPipeline = true)]
    public CrashFinding Finding { get; set; } = null!;

    /// <summary>Returns the file.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>Replaces a file that is no ext image too.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => Invoke(Path, () =>
    {
        string path = HostPath(Path);
        CrashState state = ParameterSetName == "Finding"
            ? Finding.Example ?? throw new FileSystemException(Errno.ENODATA, "export a crash state", "the finding has no example")
            : CrashState;
        ImageTarget.RequireReplaceable(path, Force);
        if (!ShouldProcess(path, "Make an image file with the crash state, replacing what is there"))
            return;
        Laboratory.ExportCrashState(state, path);
        if (PassThru)
            WriteObject(new FileInfo(path));
    });
}
