using System.Management.Automation;
using ExtShell.Engine.Volumes;
using ExtShell.Lab.Verbs;
using ExtShell.PowerShell.Binding;

namespace ExtShell.PowerShell.Cmdlets;

/// <summary>Copies a volume's files and directories into a folder of the host; nothing is written outside of it.</summary>
[Cmdlet(VerbsData.Export, "Folder", SupportsShouldProcess = true)]
[OutputType(typeof(Volume))]
public sealed class ExportFolder : VolumeCmdlet
{
    /// <summary>The folder of the host; it is made where there is none.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [Alias("FullName")]
    public string Path { get; set; } = "";

    /// <summary>Passes the volume on.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        string path = HostPath(Path);
        if (!ShouldProcess(path, "Copy the volume's files there"))
            return;
        InvokeOn(Volume, Path, () =>
        {
            int count = Volume.ExportFolder(path);
            WriteVerbose($"{count} files to {path}");
            return PassThru ? Volume : null;
        });
    }
}
