using System.Management.Automation;
using ExtShell.Lab.Looking;
using ExtShell.PowerShell.Binding;

namespace ExtShell.PowerShell.Cmdlets;

/// <summary>Blocks of a volume: what each is for, whose it is, and what it holds.</summary>
[Cmdlet(VerbsCommon.Get, "Block")]
[OutputType(typeof(BlockView))]
public sealed class GetBlock : VolumeCmdlet
{
    /// <summary>The blocks' numbers.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [Alias("PhysicalBlock")]
    public long[] Number { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (long number in Number)
            InvokeOn(Volume, number, () => Volume.GetBlock(number));
    }
}
