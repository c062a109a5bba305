using System.Management.Automation;
using ExtShell.Engine.Devices;
using ExtShell.Engine.Volumes;
using ExtShell.Format.Errors;
using ExtShell.Lab.Verbs;
using ExtShell.PowerShell.Binding;

namespace ExtShell.PowerShell.Cmdlets;

/// <summary>Lets something of a volume fail when it is met next: I/O of its device, conversions, the stripping of privileges.</summary>
/// <remarks>
/// A failure is used up when it was met as often as -Times says. A write that failed may be on the disk after a power cut, or not.
/// </remarks>
[Cmdlet(VerbsCommon.Add, "Fault")]
[OutputType(typeof(Volume))]
public sealed class AddFault : VolumeCmdlet
{
    /// <summary>What fails: Write, Read, Flush, Conversion or Privileges.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    public FaultKind Kind { get; set; }

    /// <summary>The file whose I/O fails; any, without it. Reads have no file.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [Alias("InnerPath")]
    [ArgumentCompleter(typeof(InnerPathCompleter))]
    public string? Path { get; set; }

    /// <summary>How it fails, such as EIO or ENOSPC.</summary>
    [Parameter]
    public Errno Error { get; set; } = Errno.EIO;

    /// <summary>How often; 0 for always, where it is the device that fails.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int Times { get; set; } = 1;

    /// <summary>How many that fit are let through first, where it is the device that fails.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int After { get; set; }

    /// <summary>Passes the volume on.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => InvokeOn(Volume, Volume, () =>
    {
        uint inode = Path is null ? 0 : Volume.Stat(Path).Inode;
        switch (Kind)
        {
            case FaultKind.Conversion:
                Volume.Faults.FailConversions(Error, inode, Times);
                break;
            case FaultKind.Privileges:
                Volume.Faults.FailPrivileges(Error, inode, Times);
                break;
            default:
                Volume.Inject(new DeviceFault { Operation = Operation, Inode = inode, Error = Error, Times = Times, After = After });
                break;
        }

        return PassThru ? Volume : null;
    });

    private BioOperation Operation => Kind switch
    {
        FaultKind.Read => BioOperation.Read,
        FaultKind.Flush => BioOperation.Flush,
        _ => BioOperation.Write,
    };
}
