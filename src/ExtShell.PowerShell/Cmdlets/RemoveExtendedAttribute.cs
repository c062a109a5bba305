using System.Management.Automation;
using ExtShell.Engine.Volumes;
using ExtShell.PowerShell.Binding;

namespace ExtShell.PowerShell.Cmdlets;

/// <summary>Takes an extended attribute of a file away.</summary>
[Cmdlet(VerbsCommon.Remove, "ExtendedAttribute", SupportsShouldProcess = true)]
[OutputType(typeof(Volume))]
public sealed class RemoveExtendedAttribute : ChangeCmdlet
{
    /// <summary>The attribute's name, prefix included, such as user.comment.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [Alias("Name")]
    public string AttributeName { get; set; } = "";

    /// <summary>Changes a symbolic link itself rather than what it leads to.</summary>
    [Parameter]
    public SwitchParameter NoFollow { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => Change($"Remove {AttributeName}", () => Volume.RemoveXattr(Path, AttributeName, !NoFollow));
}
