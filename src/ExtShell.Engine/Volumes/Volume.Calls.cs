using ExtShell.Engine.Inodes;
using ExtShell.Engine.Kernel;
using ExtShell.Format.Errors;

namespace ExtShell.Engine.Volumes;

public sealed partial class Volume
{
    private int _callersInside;
    private bool _isUnmounting;

    /// <summary>Whether a call met damage: the next unmount says so in the superblock.</summary>
    internal bool SawCorruption { get; private set; }

    /// <summary>Numbers a call and tells the observer.</summary>
    internal int BeginCall(in OperationCall call)
    {
        Machine.Touch(SharedState.History, AccessKind.Read);
        Enter();
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
        Leave();
    }

    /// <summary>An asynchronous write was started, and returns.</summary>
    internal void ReturnStarted(int call)
    {
        Observer?.OnReturn(call, 0, Errno.None);
        Leave();
    }

    /// <summary>A synchronous call failed, or met a damaged image, which is EUCLEAN to its caller.</summary>
    internal void FailCall(int call, Exception failed)
    {
        Machine.Touch(SharedState.History, AccessKind.Mark);
        SawCorruption |= failed is CorruptionException;
        Errno error = failed is FileSystemException { Errno: var own } ? own : Errno.EUCLEAN;
        Observer?.OnAcknowledged(call, 0, error);
        Observer?.OnReturn(call, 0, error);
        Leave();
    }

    /// <summary>Throws unless the volume answers calls.</summary>
    internal void RequireMounted(string what)
    {
        Machine.Touch(SharedState.OpenFiles, AccessKind.Read);
        if (!IsMounted || _isUnmounting)
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

    /// <summary>Lets nobody in any more, and waits until who is inside has returned: the caller alone is left.</summary>
    private async ValueTask BeAloneAsync()
    {
        if (!IsMounted || _isUnmounting)
            throw new FileSystemException(Errno.EINVAL, "unmount", "it is not mounted");
        Machine.Touch(SharedState.OpenFiles, AccessKind.Write);
        _isUnmounting = true;
        await new WaitCondition(Machine, WaitKind.Event, "callers to return", () => _callersInside == 1, SharedState.Callers).WaitAsync();
    }

    /// <summary>Somebody is inside until <see cref="Leave"/>: calls, and what they do after they were answered.</summary>
    internal void Enter() => _callersInside++;

    internal void Leave()
    {
        Machine.Touch(SharedState.Callers, AccessKind.Mark);
        _callersInside--;
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
        catch (Exception failed) when (failed is FileSystemException or CorruptionException)
        {
            FailCall(number, failed);
            throw;
        }
    }
}
