using ExtShell.Engine.Inodes;
using ExtShell.Engine.Kernel;
using ExtShell.Format.Errors;

namespace ExtShell.Engine.Volumes;

public sealed partial class Volume
{
    /// <summary>Whether a call met damage: the next unmount says so in the superblock.</summary>
    internal bool SawCorruption { get; private set; }

    /// <summary>Numbers a call and tells the observer.</summary>
    internal int BeginCall(in OperationCall call)
    {
        Machine.Touch(SharedState.History, AccessKind.Read);
        if (Observer is not { } observer)
            return _nextCall++;
        return observer.OnCall(call with { Thread = Machine.Current?.Id ?? -1 });
    }

    /// <summary>A synchronous call is done: its acknowledgement is its return.</summary>
    internal void EndCall(int call, long result)
    {
        Machine.Touch(SharedState.History, AccessKind.Mark);
        Observer?.OnAcknowledged(call, result, Errno.None);
        Observer?.OnReturn(call, result, Errno.None);
    }

    /// <summary>A synchronous call failed.</summary>
    internal void FailCall(int call, FileSystemException failed)
    {
        Machine.Touch(SharedState.History, AccessKind.Mark);
        Observer?.OnAcknowledged(call, 0, failed.Errno);
        Observer?.OnReturn(call, 0, failed.Errno);
    }

    /// <summary>A synchronous call met a damaged image.</summary>
    internal void FailCall(int call)
    {
        Machine.Touch(SharedState.History, AccessKind.Mark);
        SawCorruption = true;
        Observer?.OnAcknowledged(call, 0, Errno.EUCLEAN);
        Observer?.OnReturn(call, 0, Errno.EUCLEAN);
    }

    /// <summary>Throws unless the volume answers calls.</summary>
    internal void RequireMounted(string what)
    {
        Machine.Touch(SharedState.OpenFiles, AccessKind.Read);
        if (!IsMounted)
            throw new FileSystemException(Errno.EBADF, what, "the volume is not mounted");
        if (IsShutDown)
            throw new FileSystemException(Errno.EIO, what, "the volume was shut down");
    }

    /// <summary>Throws unless the volume can be changed.</summary>
    internal void RequireWritable(string what)
    {
        RequireMounted(what);
        if (IsReadOnly)
            throw new FileSystemException(Errno.EROFS, what, ReadOnlyReason ?? "the journal was aborted");
    }

    internal void Forget(FileHandle handle)
    {
        Machine.Touch(SharedState.OpenFiles, AccessKind.Write);
        _handles.Remove(handle);
    }

    internal void Forget(FileMapping mapping) => _mappings.Remove(mapping);

    /// <summary>Makes a mapping; it keeps the inode, whatever becomes of the handle.</summary>
    internal FileMapping AddMapping(FileHandle file, Inode inode, long offsetBytes, long lengthBytes)
    {
        var mapping = new FileMapping(file, Inodes.Retain(inode), _nextMapping++, offsetBytes, lengthBytes);
        _mappings.Add(mapping);
        return mapping;
    }

    private async ValueTask ChangeAsync(OperationCall call, Func<Volume, OperationCall, ValueTask> change)
    {
        int number = BeginCall(call);
        try
        {
            RequireWritable(call.Path!);
            await change(this, call);
            EndCall(number, 0);
        }
        catch (FileSystemException failed)
        {
            FailCall(number, failed);
            throw;
        }
        catch (CorruptionException)
        {
            FailCall(number);
            throw;
        }
    }
}
