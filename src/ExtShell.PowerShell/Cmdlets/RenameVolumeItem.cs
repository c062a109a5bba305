using System.Management.Automation;
using ExtShell.Engine.Inodes;
using ExtShell.Engine.Volumes;
using ExtShell.PowerShell.Binding;

namespace ExtShell.PowerShell.Cmdlets;

/// <summary>Moves a name; what has the new one is replaced, whole or not at all.</summary>
[Cmdlet(VerbsCommon.Rename, "VolumeItem", SupportsShouldProcess = true)]
[OutputType(typeof(Volume))]
public sealed class RenameVolumeItem : ChangeCmdlet
{
    /// <summary>The new path.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [Alias("Destination")]
    [ArgumentCompleter(typeof(InnerPathCompleter))]
    public string NewPath { get; set; } = "";

    /// <summary>Fails where something has the new name already.</summary>
    [Parameter]
    public SwitchParameter NoReplace { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() =>
        Change($"Rename to {NewPath}", () => Volume.Rename(Path, NewPath, NoReplace ? RenameOptions.NoReplace : RenameOptions.None));
}
