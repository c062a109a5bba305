using System.Management.Automation;
using ExtShell.Engine.IO;
using ExtShell.PowerShell.Binding;

namespace ExtShell.PowerShell.Cmdlets;

/// <summary>
/// Where two direct I/O protocols differ, aspect by aspect: locks, order, allocation, sizes, acknowledgement, guarantees, defects.
/// </summary>
[Cmdlet(VerbsData.Compare, "Protocol")]
[OutputType(typeof(ProtocolDifference))]
public sealed class CompareProtocol : ExtCmdlet
{
    /// <summary>The one.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ArgumentCompleter(typeof(ProtocolCompleter))]
    public string ReferenceName { get; set; } = "";

    /// <summary>The other.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Name")]
    [ArgumentCompleter(typeof(ProtocolCompleter))]
    public string DifferenceName { get; set; } = "";

    /// <inheritdoc/>
    protected override void ProcessRecord() =>
        Invoke(DifferenceName, () => WriteObject(WriteProtocols.Compare(ReferenceName, DifferenceName), enumerateCollection: true));
}
