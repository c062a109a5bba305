using ExtShell.Engine.Inodes;
using ExtShell.Format.Errors;

namespace ExtShell.Engine.IO.Steps;

/// <summary>What went wrong with a file's data after its writers had been told that it is written: kept in the inode, told by fsync.</summary>
internal static class WriteErrors
{
    /// <summary>Notes an error for the next fsync.</summary>
    public static void Note(Inode inode, Errno error) => inode.Pages.WriteError = error;

    /// <summary>Tells the error that was noted, if one was, and forgets it.</summary>
    /// <exception cref="FileSystemException">The error.</exception>
    public static void ThrowNoted(Inode inode)
    {
        Errno error = inode.Pages.WriteError;
        if (error == Errno.None)
            return;
        inode.Pages.WriteError = Errno.None;
        throw new FileSystemException(error, $"sync of inode {inode.Number}", "data that was written could not be made reachable");
    }
}
