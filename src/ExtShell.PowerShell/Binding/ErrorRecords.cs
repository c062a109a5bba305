using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using ExtShell.Engine.Kernel;
using ExtShell.Format.Errors;
using ExtShell.Lab.Scheduling;

namespace ExtShell.PowerShell.Binding;

/// <summary>The engine's typed errors as error records: a stable id, a category, a recommended action.</summary>
internal static class ErrorRecords
{
    /// <summary>The record of an error that cmdlets report; false for what must not be swallowed.</summary>
    public static bool TryMake(Exception failure, object? target, [NotNullWhen(true)] out ErrorRecord? record)
    {
        record = failure switch
        {
            FileSystemException known => Record(known, $"Ext.{known.Errno}", CategoryOf(known.Errno), target, AdviceFor(known.Errno)),
            CorruptionException => Record(failure, "Ext.Corruption", ErrorCategory.InvalidData, target,
                "Look at the image with Test-Consistency, or with e2fsck -fn."),
            DeadlockException =>
                Record(failure, "Ext.Deadlock", ErrorCategory.DeadlockDetected, target, "The message says who waits for whom."),
            LivelockException =>
                Record(failure, "Ext.Livelock", ErrorCategory.DeadlockDetected, target, "The message says which threads run for ever."),
            FormatException => Record(failure, "Ext.Format", ErrorCategory.ParserError, target, "The message names the line."),
            UnauthorizedAccessException =>
                Record(failure, "Ext.HostAccess", ErrorCategory.PermissionDenied, target, "The host does not allow it; see the message."),
            IOException => Record(failure, "Ext.HostIo", ErrorCategory.WriteError, target, "The host refused the file; see the message."),
            _ => null,
        };
        return record is not null;
    }

    private static ErrorRecord Record(Exception failure, string id, ErrorCategory category, object? target, string advice) =>
        new(failure, id, category, target) { ErrorDetails = new ErrorDetails(failure.Message) { RecommendedAction = advice } };

    private static ErrorCategory CategoryOf(Errno errno) => errno switch
    {
        Errno.ENOENT or Errno.ENODATA => ErrorCategory.ObjectNotFound,
        Errno.EEXIST => ErrorCategory.ResourceExists,
        Errno.EPERM or Errno.EACCES or Errno.EROFS => ErrorCategory.PermissionDenied,
        Errno.ENOSPC or Errno.EDQUOT or Errno.EMLINK or Errno.EFBIG => ErrorCategory.LimitsExceeded,
        Errno.EINVAL or Errno.ENAMETOOLONG or Errno.EISDIR or Errno.ENOTDIR => ErrorCategory.InvalidArgument,
        Errno.EBUSY or Errno.EAGAIN or Errno.ETXTBSY => ErrorCategory.ResourceBusy,
        Errno.EOPNOTSUPP => ErrorCategory.NotImplemented,
        Errno.EIO => ErrorCategory.DeviceError,
        Errno.EUCLEAN => ErrorCategory.InvalidData,
        _ => ErrorCategory.InvalidOperation,
    };

    private static string AdviceFor(Errno errno) => errno switch
    {
        Errno.ENOENT => "Check the path; paths inside a volume begin with '/'.",
        Errno.EEXIST => "Choose another name, or remove what is there; the message says where -Force replaces it.",
        Errno.ENOSPC => "Free space on the volume, or make a larger one.",
        Errno.EROFS => "The volume is read-only; the message says why.",
        Errno.EBADF => "The volume or the file was closed: mount or open it again.",
        Errno.EBUSY => "Get-Volume shows what is mounted: use that, or dismount it first.",
        Errno.EISDIR => "Name a file; Get-VolumeItem -Children shows what is in a directory.",
        Errno.ENOTEMPTY => "Remove what is in it first, or use -Recurse.",
        Errno.EIO => "Get-WriteLog shows what the device failed; Clear-Fault takes injected failures back.",
        Errno.EOPNOTSUPP => "Get-Protocol and Get-Superblock say what there is; the message says what is not.",
        _ => "See the message.",
    };
}
