using System.Management.Automation;
using ExtShell.Lab.Looking;
using ExtShell.PowerShell.Binding;

namespace ExtShell.PowerShell.Cmdlets;

/// <summary>The inodes that recovery would have to truncate to their disk size, or to delete.</summary>
[Cmdlet(VerbsCommon.Get, "Orphan")]
[OutputType(typeof(InodeView))]
public sealed class GetOrphan : VolumeCmdlet
{
    /// <inheritdoc/>
    protected override void ProcessRecord() => InvokeOn(Volume, Volume, () => Volume.GetOrphans(), enumerates: true);
}
