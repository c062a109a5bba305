using System.Management.Automation;
using ExtShell.Engine.Volumes;
using ExtShell.PowerShell.Binding;

namespace ExtShell.PowerShell.Cmdlets;

/// <summary>Sets the size of a file: frees what lies past it, or leaves a hole up to it; makes the file where there is none.</summary>
[Cmdlet(VerbsCommon.Set, "FileLength", SupportsShouldProcess = true)]
[OutputType(typeof(Volume))]
public sealed class SetFileLength : ChangeCmdlet
{
    /// <summary>The new size, in bytes.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [Size]
    public long Length { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() =>
        ChangeFile($"Set the size to {Length} bytes", OpenOptions.Create, file => file.Truncate(Length));
}
