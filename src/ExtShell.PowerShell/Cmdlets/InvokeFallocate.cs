using System.Management.Automation;
using ExtShell.Engine.IO;
using ExtShell.Engine.Volumes;
using ExtShell.PowerShell.Binding;

namespace ExtShell.PowerShell.Cmdlets;

/// <summary>
/// Reserves, punches, zeroes, collapses or inserts a range of a file, as fallocate(2); makes the file where there is none.
/// </summary>
[Cmdlet(VerbsLifecycle.Invoke, "Fallocate", SupportsShouldProcess = true)]
[OutputType(typeof(Volume))]
public sealed class InvokeFallocate : ChangeCmdlet
{
    /// <summary>Where the range begins, in bytes.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [Size]
    [Alias("OffsetBytes")]
    public long Offset { get; set; }

    /// <summary>How long it is, in bytes.</summary>
    [Parameter(Mandatory = true, Position = 2, ValueFromPipelineByPropertyName = true)]
    [Size]
    [Alias("LengthBytes")]
    public long Length { get; set; }

    /// <summary>What is done to the range: Allocate, PunchHole, ZeroRange, CollapseRange or InsertRange.</summary>
    [Parameter]
    public FallocateMode Mode { get; set; } = FallocateMode.Allocate;

    /// <summary>Leaves the file's size as it is.</summary>
    [Parameter]
    public SwitchParameter KeepSize { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() =>
        ChangeFile($"{Mode}: {Length} bytes at {Offset}", OpenOptions.Create, file => file.Fallocate(Offset, Length, Mode, KeepSize));
}
