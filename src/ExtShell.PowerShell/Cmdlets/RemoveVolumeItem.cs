using System.Management.Automation;
using ExtShell.Engine.Volumes;
using ExtShell.PowerShell.Binding;

namespace ExtShell.PowerShell.Cmdlets;

/// <summary>Removes a name, or a directory: empty, or with -Recurse with all that is in it.</summary>
[Cmdlet(VerbsCommon.Remove, "VolumeItem", SupportsShouldProcess = true)]
[OutputType(typeof(Volume))]
public sealed class RemoveVolumeItem : ChangeCmdlet
{
    /// <summary>Removes what is in the directory first.</summary>
    [Parameter]
    public SwitchParameter Recurse { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => Change(Recurse ? "Remove, with all that is in it" : "Remove", () => Remove(Path));

    private void Remove(string path)
    {
        if (!Volume.Stat(path, followsLink: false).IsDirectory)
        {
            Volume.Unlink(path);
            return;
        }

        if (Recurse)
        {
            foreach (DirectoryItem item in Volume.ReadDirectory(path))
                Remove($"{path.TrimEnd('/')}/{item.Name}");
        }

        Volume.Rmdir(path);
    }
}
