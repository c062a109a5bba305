using System.Management.Automation;
using ExtShell.Engine.Volumes;
using ExtShell.PowerShell.Binding;

namespace ExtShell.PowerShell.Cmdlets;

/// <summary>Unmaps: what was stored stays in the page cache, and is durable with the next sync.</summary>
[Cmdlet(VerbsCommon.Remove, "Mapping")]
public sealed class RemoveMapping : ExtCmdlet
{
    /// <summary>The mapping.</summary>
    [Parameter(Mandatory = true, Position = 9, ValueFromPipeline = true)]
    public FileMapping Mapping { get; set; } = null!;

    /// <inheritdoc/>
    protected override void ProcessRecord() => InvokeOn(Mapping.Volume, Mapping, () =>
    {
        Mapping.Unmap();
        return null;
    });
}
