using ExtShell.Engine.Kernel;
using ExtShell.Format.Errors;

namespace ExtShell.Engine.Allocation;

/// <summary>
/// The write errors of all files of a volume, whether their pages could not be written or their blocks not converted: syncfs reports those
/// since the last one, whatever fsync has told, and unmount those that nobody was told of.
/// </summary>
public sealed class VolumeWriteErrors
{
    private readonly Machine _machine;
    private int _count;
    private int _syncedCount;
    private int _untoldCount;
    private Errno _last;

    internal VolumeWriteErrors(Machine machine) => _machine = machine;

    /// <summary>A file met an error.</summary>
    internal void Note(Errno error)
    {
        _machine.Touch(this, AccessKind.Mark);
        _count++;
        _untoldCount++;
        _last = error;
    }

    /// <summary>An fsync was told of so many.</summary>
    internal void Told(int count)
    {
        _machine.Touch(this, AccessKind.Mark);
        _untoldCount = Math.Max(0, _untoldCount - count);
    }

    /// <summary>Takes what syncfs, or unmount, has to report.</summary>
    /// <returns>The last error; null if there is none to report.</returns>
    internal Errno? Take(bool isUnmounting)
    {
        _machine.Touch(this, AccessKind.Write);
        bool isNew = isUnmounting ? _untoldCount > 0 : _count != _syncedCount;
        _syncedCount = _count;
        _untoldCount = 0;
        return isNew ? _last : null;
    }
}
