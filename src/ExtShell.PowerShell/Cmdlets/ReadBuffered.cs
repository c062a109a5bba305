using System.Management.Automation;
using ExtShell.PowerShell.Binding;

namespace ExtShell.PowerShell.Cmdlets;

/// <summary>Reads through the page cache; short at the end of the file. The bytes come as one array, or as text.</summary>
[Cmdlet(VerbsCommunications.Read, "Buffered")]
[OutputType(typeof(byte[]), typeof(string))]
public sealed class ReadBuffered : RangeReadCmdlet
{
    /// <inheritdoc/>
    protected override void ProcessRecord() => Read(static (file, offset, length) => file.ReadBuffered(offset, length));
}
