using System.Management.Automation;
using ExtShell.Engine.Kernel;
using ExtShell.Engine.Volumes;
using ExtShell.Format.Errors;

namespace ExtShell.PowerShell.Binding;

/// <summary>
/// What every cmdlet of the module does the same way: the work runs inside <see cref="Invoke"/>, and the engine's typed errors become error
/// records with stable ids (<c>Ext.ENOSPC</c>, <c>Ext.Corruption</c>, <c>Ext.Deadlock</c>), a category, and a recommended action.
/// </summary>
public abstract class ExtCmdlet : PSCmdlet
{
    /// <summary>Runs the work and reports its errors; they do not end the pipeline unless the caller says so.</summary>
    /// <param name="target">What the work is about, for the record.</param>
    /// <param name="work">The work.</param>
    protected void Invoke(object? target, Action work)
    {
        try
        {
            work();
        }
        catch (FileSystemException failure)
        {
            WriteError(Record(failure, $"Ext.{failure.Errno}", CategoryOf(failure.Errno), target, AdviceFor(failure.Errno)));
        }
        catch (CorruptionException failure)
        {
            WriteError(Record(failure, "Ext.Corruption", ErrorCategory.InvalidData, target, "Look at the image with Test-Consistency, or with e2fsck -fn."));
        }
        catch (DeadlockException failure)
        {
            WriteError(Record(failure, "Ext.Deadlock", ErrorCategory.DeadlockDetected, target, "The message says who waits for whom."));
        }
        catch (FormatException failure)
        {
            WriteError(Record(failure, "Ext.Format", ErrorCategory.ParserError, target, "The message names the line."));
        }
        catch (UnauthorizedAccessException failure)
        {
            WriteError(Record(failure, "Ext.HostAccess", ErrorCategory.PermissionDenied, target, "The host does not allow it; see the message."));
        }
        catch (IOException failure)
        {
            WriteError(Record(failure, "Ext.HostIo", ErrorCategory.WriteError, target, "The host refused the file; see the message."));
        }
    }

    /// <summary>
    /// Runs work on a volume, alone: pipelines in parallel runspaces take turns. What it returns is written when the volume is free again, so that
    /// what is behind in the pipeline may use any volume.
    /// </summary>
    /// <param name="volume">The volume.</param>
    /// <param name="target">What the work is about, for the record.</param>
    /// <param name="work">The work; null for no output.</param>
    /// <param name="enumerates">Whether the output's elements are written one by one.</param>
    protected void InvokeOn(Volume volume, object? target, Func<object?> work, bool enumerates = false) => Invoke(target, () =>
    {
        object? output;
        lock (VolumeRegistry.GateOf(volume))
            output = work();
        if (output is not null)
            WriteObject(output, enumerates);
    });

    /// <summary>The path on the host that a user's path means, relative to PowerShell's location.</summary>
    protected string HostPath(string path) => SessionState.Path.GetUnresolvedProviderPathFromPSPath(path);

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
        Errno.EEXIST => "Choose another name, or remove what is there.",
        Errno.ENOSPC => "Free space on the volume, or make a larger one.",
        Errno.EROFS => "The volume is read-only; the message says why.",
        Errno.EBADF => "The volume or the file was closed: mount or open it again.",
        _ => "See the message.",
    };
}
