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
    protected override void ProcessRecord() => Change(Recurse ? "Remove, with all that is in it" : "Remove", Remove);

    private void Remove()
    {
        if (Recurse)
            VolumeTree.Remove(Volume, Path);
        else if (Volume.Stat(Path, followsLink: false).IsDirectory)
            Volume.Rmdir(Path);
        else
            Volume.Unlink(Path);
    }
}
