using System.Globalization;
using ExtShell.Engine.Volumes;
using ExtShell.Format.OnDisk;

namespace ExtShell.Conformance.Tests.KernelCalls;

internal sealed partial class EngineCaller
{
    /// <summary>The flags that are compared: what FS_IOC_GETFLAGS shows and users may set.</summary>
    public const InodeFlags ComparedFlags = Engine.IO.AttributeChange.Settable;

    private string CallOnAttributes(VolumeCall call)
    {
        switch (call.Kind)
        {
            case CallKind.Chmod:
                volume.Chmod(call.Path, call.Permissions);
                return "0";
            case CallKind.Chown:
                volume.Chown(call.Path, call.Owner, call.Group, call.FollowsLink);
                return "0";
            case CallKind.Utimes:
                volume.SetTimes(call.Path, call.Accessed, call.Modified, call.FollowsLink);
                return Times(call);
            case CallKind.Chattr:
                volume.Chattr(call.Path, call.AddedFlags, call.RemovedFlags);
                return ((int)(volume.Stat(call.Path).Flags & ComparedFlags)).ToString(CultureInfo.InvariantCulture);
            case CallKind.Symlink:
                volume.Symlink(call.Target, call.Path);
                return "0";
            case CallKind.Mknod:
                volume.Mknod(call.Path, call.Permissions, call.Device);
                return "0";
            case CallKind.ReadLink:
                return volume.ReadLink(call.Path);
            case CallKind.SetXattr:
                volume.SetXattr(call.Path, call.Attribute, call.AttributeValue(), call.AttributeMode, call.FollowsLink);
                return "0";
            case CallKind.RemoveXattr:
                volume.RemoveXattr(call.Path, call.Attribute, call.FollowsLink);
                return "0";
            case CallKind.GetXattr:
                return Digest(volume.GetXattr(call.Path, call.Attribute, call.FollowsLink));
            case CallKind.ListXattr:
                return string.Join(' ', volume.ListXattrs(call.Path, followsLink: false));
            default:
                InodeStatus status = volume.Stat(call.Path, followsLink: false);
                long size = status.IsDirectory ? 0 : status.SizeBytes;
                return FormattableString.Invariant(
                    $"{(int)status.Mode} {status.Links} {size} {status.Owner}:{status.Group} {status.Device}");
        }
    }

    /// <summary>The times that were set: those that became the clock's are not compared.</summary>
    private string Times(VolumeCall call)
    {
        InodeStatus status = volume.Stat(call.Path, call.FollowsLink);
        string accessed = call.Accessed.UnixNanoseconds is null ? "" : Timestamp(status.AccessedUnixNanoseconds);
        string modified = call.Modified.UnixNanoseconds is null ? "" : Timestamp(status.ModifiedUnixNanoseconds);
        return $"{accessed} {modified}";
    }

    public static string Timestamp(long nanoseconds) => nanoseconds.ToString(CultureInfo.InvariantCulture);
}
