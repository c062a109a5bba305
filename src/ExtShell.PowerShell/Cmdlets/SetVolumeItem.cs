using System.Globalization;
using System.Management.Automation;
using ExtShell.Engine.Inodes;
using ExtShell.Engine.Volumes;
using ExtShell.Format.Errors;
using ExtShell.Format.OnDisk;
using ExtShell.PowerShell.Binding;

namespace ExtShell.PowerShell.Cmdlets;

/// <summary>Changes permissions, owner, times and flags of a file or directory: chmod, chown, touch and chattr.</summary>
[Cmdlet(VerbsCommon.Set, "VolumeItem", SupportsShouldProcess = true)]
[OutputType(typeof(Volume))]
public sealed class SetVolumeItem : ChangeCmdlet
{
    /// <summary>The permissions, with set-ID and sticky bits, as an octal number: 644, 4755.</summary>
    [Parameter(Position = 1)]
    [ValidatePattern("^[0-7]{1,4}$")]
    public string? Mode { get; set; }

    /// <summary>The new owner's id. A new owner takes set-ID bits away.</summary>
    [Parameter]
    public uint? Owner { get; set; }

    /// <summary>The new group's id.</summary>
    [Parameter]
    public uint? Group { get; set; }

    /// <summary>The time of the last access.</summary>
    [Parameter]
    public DateTime? LastAccessTime { get; set; }

    /// <summary>The time of the content's last change.</summary>
    [Parameter]
    public DateTime? LastWriteTime { get; set; }

    /// <summary>Flags to add, as chattr does: Immutable, AppendOnly, NoDump, Synchronous, …</summary>
    [Parameter]
    public InodeFlags AddFlag { get; set; }

    /// <summary>Flags to take away.</summary>
    [Parameter]
    public InodeFlags RemoveFlag { get; set; }

    /// <summary>Changes owner and times of a symbolic link itself rather than of what it leads to.</summary>
    [Parameter]
    public SwitchParameter NoFollow { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => Change("Change attributes", () =>
    {
        if (Mode is null && Owner is null && Group is null && LastAccessTime is null && LastWriteTime is null
            && (AddFlag | RemoveFlag) == InodeFlags.None)
            throw new FileSystemException(
                Errno.EINVAL, $"change {Path}", "nothing to change is named: -Mode, -Owner, -Group, a time or a flag");
        if (RemoveFlag != InodeFlags.None)
            Volume.Chattr(Path, InodeFlags.None, RemoveFlag); // first, as what is taken away may forbid the rest
        if (Owner is not null || Group is not null)
            Volume.Chown(Path, Owner, Group, !NoFollow);
        if (Mode is not null)
            Volume.Chmod(Path, (InodeMode)Convert.ToInt32(Mode, 8));
        if (LastAccessTime is not null || LastWriteTime is not null)
            Volume.SetTimes(Path, Time(LastAccessTime), Time(LastWriteTime), !NoFollow);
        if (AddFlag != InodeFlags.None)
            Volume.Chattr(Path, AddFlag);
        WriteVerbose(string.Create(
            CultureInfo.InvariantCulture, $"{Path}: mode {Mode}, owner {Owner}, group {Group}, +({AddFlag}), -({RemoveFlag})"));
    });

    private static NewTime Time(DateTime? time) => time is { } given
        ? NewTime.At((given.ToUniversalTime() - DateTime.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick)
        : NewTime.Keep;
}
