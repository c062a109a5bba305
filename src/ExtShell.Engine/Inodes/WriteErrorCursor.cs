using ExtShell.Format.Errors;

namespace ExtShell.Engine.Inodes;

/// <summary>
/// What an open file has been told of its inode's write errors (errseq): each error is reported once to each file that was open when it
/// happened; one that nobody was told of yet also to the next that is opened.
/// </summary>
public sealed class WriteErrorCursor
{
    private readonly Inode _inode;
    private int _seen;

    /// <summary>The file is opened.</summary>
    public WriteErrorCursor(Inode inode) => (_inode, _seen) = (inode, inode.ReportedWriteErrors);

    /// <summary>Reports what has not been reported to this file.</summary>
    /// <exception cref="FileSystemException">The last error since.</exception>
    public void Report()
    {
        if (_seen == _inode.WriteErrorsCount)
            return;
        Advance();
        throw new FileSystemException(_inode.LastWriteError, $"write-back of inode {_inode.Number}", "the data did not reach the device");
    }

    /// <summary>Takes all errors so far as reported: the caller is being told of one.</summary>
    public void Advance() => _seen = _inode.ReportWriteErrors();
}
