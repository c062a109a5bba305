using System.Management.Automation;
using ExtShell.Engine.Volumes;
using ExtShell.Lab.Verbs;
using ExtShell.PowerShell.Binding;

namespace ExtShell.PowerShell.Cmdlets;

/// <summary>
/// Copies a volume's files, directories and symbolic links into a folder of the host, with times and permissions, set-ID bits left out;
/// nothing is written outside of it.
/// </summary>
[Cmdlet(VerbsData.Export, "Folder", SupportsShouldProcess = true)]
[OutputType(typeof(Volume))]
public sealed class ExportFolder : FolderCmdlet
{
    /// <summary>The folder of the host; it is made where there is none.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [Alias("FullName")]
    public string Path { get; set; } = "";

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        string path = HostPath(Path);
        if (!ShouldProcess(path, "Copy the volume's files there"))
            return;
        InvokeOn(Volume, Path, () =>
        {
            int count = Volume.ExportFolder(path, Show);
            WriteVerbose($"{count} files to {path}");
            return PassThru ? Volume : null;
        });
    }
}
