using System.Management.Automation;
using ExtShell.Engine.IO;
using ExtShell.PowerShell.Binding;

namespace ExtShell.PowerShell.Cmdlets;

/// <summary>
/// The direct I/O protocols, in the order of history: what each does, what it promises, and the defects that can be turned on.
/// </summary>
[Cmdlet(VerbsCommon.Get, "Protocol")]
[OutputType(typeof(ProtocolDescription), typeof(ProtocolSwitch))]
public sealed class GetProtocol : ExtCmdlet
{
    private const string WholeType = "ExtShell.Engine.IO.ProtocolDescription#Whole";

    /// <summary>Its name, or a pattern of names; all without it.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ProtocolCompleter))]
    public string Name { get; set; } = "*";

    /// <summary>Returns the protocol's switches, the defects that can be turned on.</summary>
    [Parameter]
    public SwitchParameter Switch { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => Invoke(Name, () =>
    {
        if (!WildcardPattern.ContainsWildcardCharacters(Name))
        {
            Write(WriteProtocols.Describe(Name), isWhole: true);
            return;
        }

        var pattern = new WildcardPattern(Name, WildcardOptions.IgnoreCase);
        foreach (ProtocolDescription protocol in WriteProtocols.All.Where(known => pattern.IsMatch(known.Name)))
            Write(protocol, isWhole: false);
    });

    /// <summary>One that was asked for by name is printed whole, many are a table.</summary>
    private void Write(ProtocolDescription protocol, bool isWhole)
    {
        if (Switch)
        {
            WriteObject(protocol.Switches, enumerateCollection: true);
            return;
        }

        var written = new PSObject(protocol with { });
        if (isWhole)
            written.TypeNames.Insert(0, WholeType);
        WriteObject(written);
    }
}
