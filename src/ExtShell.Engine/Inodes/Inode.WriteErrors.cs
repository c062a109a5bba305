using ExtShell.Format.Errors;

namespace ExtShell.Engine.Inodes;

/// <content>Writes that failed after their callers had returned, and who was told of them.</content>
public sealed partial class Inode
{
    private int _volumeErrorsCount;

    /// <summary>How many write errors it has had: of write-back, of conversions, of sizes that could not be stored.</summary>
    public int WriteErrorsCount { get; private set; }

    /// <summary>The last of them.</summary>
    public Errno LastWriteError { get; private set; }

    /// <summary>How many of them some open file was told of.</summary>
    public int ReportedWriteErrors { get; private set; }

    /// <summary>
    /// Notes that data did not become durable or reachable; legal in every context. Each open file is told by its next fsync: see
    /// <see cref="WriteErrorCursor"/>.
    /// </summary>
    /// <param name="error">What it met.</param>
    /// <param name="isTold">Whether the caller of the write is told by its acknowledgement: then it is no business of syncfs and
    /// unmount.</param>
    public void NoteWriteError(Errno error, bool isTold = false)
    {
        InvariantException.Require(error != Errno.None, "an error that is noted is one");
        WriteErrorsCount++;
        LastWriteError = error;
        if (isTold)
            return;
        _volumeErrorsCount++;
        _context.WriteErrors.Note(error);
    }

    /// <summary>An open file is told of all errors so far.</summary>
    /// <returns>How many there are.</returns>
    internal int ReportWriteErrors()
    {
        if (_volumeErrorsCount > 0)
            _context.WriteErrors.Told(_volumeErrorsCount);
        _volumeErrorsCount = 0;
        return ReportedWriteErrors = WriteErrorsCount;
    }
}
