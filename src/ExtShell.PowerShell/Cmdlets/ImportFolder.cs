using System.Management.Automation;
using ExtShell.Engine.Volumes;
using ExtShell.Lab.Verbs;
using ExtShell.PowerShell.Binding;

namespace ExtShell.PowerShell.Cmdlets;

/// <summary>
/// Copies the files, directories and symbolic links of a folder of the host into a volume, with times and permissions.
/// </summary>
/// <remarks>
/// The writes are buffered: Sync-Volume makes them durable. Files of the same name are replaced, directories are joined. Owner and group of
/// what is made are root's.
/// </remarks>
[Cmdlet(VerbsData.Import, "Folder", SupportsShouldProcess = true)]
[OutputType(typeof(Volume))]
public sealed class ImportFolder : FolderCmdlet
{
    /// <summary>The folder of the host.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [Alias("FullName")]
    public string Path { get; set; } = "";

    /// <summary>The directory of the volume; it is made where there is none.</summary>
    [Parameter(Position = 1)]
    [ArgumentCompleter(typeof(InnerPathCompleter))]
    public string Destination { get; set; } = "/";

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (!ShouldProcess(Destination, $"Copy {Path} into the volume"))
            return;
        InvokeOn(Volume, Path, () =>
        {
            int count = Volume.ImportFolder(HostPath(Path), Destination, Show);
            WriteVerbose($"{count} files from {Path} to {Destination}");
            return PassThru ? Volume : null;
        });
    }
}
