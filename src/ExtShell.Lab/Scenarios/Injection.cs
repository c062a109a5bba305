using ExtShell.Engine.Devices;
using ExtShell.Engine.Volumes;
using ExtShell.Format.Errors;

namespace ExtShell.Lab.Scenarios;

/// <summary>What an injected event of a scenario does.</summary>
public enum InjectionKind
{
    /// <summary>Bios of the device fail.</summary>
    IoError,

    /// <summary>No more than a few free blocks can be had.</summary>
    Full,

    /// <summary>They can be had again.</summary>
    SpaceBack,

    /// <summary>Privilege stripping and time updates fail.</summary>
    PrivilegeError,

    /// <summary>Conversions of unwritten blocks fail.</summary>
    ConversionError,
}

/// <summary>An injected event. Fields that a kind does not use have their default.</summary>
/// <param name="Kind">What happens.</param>
public sealed record Injection(InjectionKind Kind)
{
    /// <summary>Of an I/O error: the operation that fails; null for any.</summary>
    public BioOperation? Operation { get; init; }

    /// <summary>The open file that it is for, by its name in the scenario; empty for any.</summary>
    public string File { get; init; } = "";

    /// <summary>Of an I/O error: where, in bytes of the file, or of the device where no file is named.</summary>
    public long FromBytes { get; init; }

    /// <summary>Of an I/O error: the byte behind that place.</summary>
    public long ToBytes { get; init; } = long.MaxValue;

    /// <summary>The error.</summary>
    public Errno Error { get; init; } = Errno.EIO;

    /// <summary>How often; of an I/O error 0 for always.</summary>
    public int Times { get; init; } = 1;

    /// <summary>Of an I/O error: how many bios that it fits pass first.</summary>
    public int After { get; init; }

    /// <summary>Of a full volume: how many blocks can be had still.</summary>
    public long LeaveBlocks { get; init; }

    internal void Apply(Volume volume, DeviceFaults device, uint inode)
    {
        switch (Kind)
        {
            case InjectionKind.IoError:
                device.Add(new DeviceFault
                {
                    Operation = Operation, Inode = inode, FromBytes = FromBytes, ToBytes = ToBytes, Error = Error, Times = Times,
                    After = After,
                });
                break;
            case InjectionKind.Full:
                volume.Context.Blocks.WithholdFreeBlocks(LeaveBlocks);
                break;
            case InjectionKind.SpaceBack:
                volume.Context.Blocks.GiveBack();
                break;
            case InjectionKind.PrivilegeError:
                volume.Faults.FailPrivileges(Error, inode, Times);
                break;
            default:
                volume.Faults.FailConversions(Error, inode, Times);
                break;
        }
    }
}
