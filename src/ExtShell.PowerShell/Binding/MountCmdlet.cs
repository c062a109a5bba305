using System.Management.Automation;
using ExtShell.Engine.IO;
using ExtShell.Engine.Volumes;
using ExtShell.Format.Errors;

namespace ExtShell.PowerShell.Binding;

/// <summary>Parameters of the cmdlets that mount: the protocol and its defects, journal mode, barriers.</summary>
public abstract class MountCmdlet : ExtCmdlet
{
    /// <summary>The direct I/O protocol; Get-Protocol lists them.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(ProtocolCompleter))]
    public string Protocol { get; set; } = MountOptions.Default.Protocol;

    /// <summary>The protocol's defects that are turned on, such as <c>ExtendAfterSync</c>; a variant follows a colon.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(SwitchCompleter))]
    public string[] Switch { get; set; } = [];

    /// <summary>Turns on the defects that the protocol had when it was first posted.</summary>
    [Parameter]
    public SwitchParameter AsPosted { get; set; }

    /// <summary>What the journal carries: Ordered, Writeback, Journal or None.</summary>
    [Parameter]
    public JournalMode Journal { get; set; } = MountOptions.Default.Journal;

    /// <summary>What commit and fsync ask of the device's cache: Flush, Drain or Ignored.</summary>
    [Parameter]
    public BarrierMode Barrier { get; set; } = MountOptions.Default.Barrier;

    /// <summary>Writes never use FUA, even where the device has it.</summary>
    [Parameter]
    public SwitchParameter NoFua { get; set; }

    /// <summary>Buffered write-back allocates written blocks, and overwrites take the inode lock exclusively (dioread_lock).</summary>
    [Parameter]
    public SwitchParameter NoDioReadNoLock { get; set; }

    /// <summary>What the parameters say.</summary>
    /// <exception cref="FileSystemException">EINVAL: no protocol has that name.</exception>
    protected MountOptions Mount(bool readOnly = false) => new()
    {
        ReadOnly = readOnly,
        Protocol = Protocol,
        Switches = AsPosted ? [.. WriteProtocols.Describe(Protocol).AsPosted.Union(Switch)] : Switch,
        Journal = Journal,
        Barrier = Barrier,
        UseFua = !NoFua,
        DioReadNoLock = !NoDioReadNoLock,
    };
}
