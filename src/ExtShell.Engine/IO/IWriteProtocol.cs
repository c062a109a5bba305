using ExtShell.Engine.Inodes;
using ExtShell.Format.Errors;

namespace ExtShell.Engine.IO;

/// <summary>
/// A way of writing a file around the page cache. The write engine asks its questions in this order: admit; then for each run of blocks map
/// and
/// submit; I/O done; finish before sync; sync; returned. Truncating is asked by setattr, outside of any write.
/// </summary>
/// <remarks>
/// A protocol is one sealed class in one file, composed from <c>IO/Steps</c>; protocols never inherit from each other, so that the
/// difference of two protocols is
/// what their files differ in. What it must remember of a write it keeps in the <see cref="DirectWrite"/>. An answer that may wait is
/// asynchronous; the others
/// must not wait.
/// </remarks>
public interface IWriteProtocol
{
    /// <summary>The protocol's name, as mount options say it.</summary>
    string Name { get; }

    /// <summary>
    /// Admit: takes the inode lock, checks the request, updates times, and decides what the write is: extending, unaligned, waited for.
    /// If it throws it holds nothing.
    /// </summary>
    /// <exception cref="FileSystemException">The request is refused.</exception>
    ValueTask AdmitAsync(DirectWrite write);

    /// <summary>
    /// Map: the blocks that take the data from <paramref name="logicalBlock"/> on; at least one, at most <paramref name="lengthBlocks"/>,
    /// never a hole.
    /// </summary>
    /// <exception cref="FileSystemException">No space.</exception>
    ValueTask<WriteMapping> MapAsync(DirectWrite write, uint logicalBlock, int lengthBlocks);

    /// <summary>Submit: whether the data of this mapping may go out by FUA, in place of a sync when all is done.</summary>
    bool MayUseFua(DirectWrite write, in WriteMapping mapping);

    /// <summary>I/O done: who finishes a write that nobody waits for. Asked in interrupt context.</summary>
    CompletionPlace IoDone(DirectWrite write);

    /// <summary>
    /// Finish before sync: what makes the data reachable (conversion, sizes, page cache), in the protocol's order. The in-flight count
    /// drops after it.
    /// </summary>
    /// <exception cref="FileSystemException">It could not be done; the write fails with this.</exception>
    ValueTask FinishAsync(DirectWrite write);

    /// <summary>Sync: what O_SYNC and O_DSYNC promise. Asked only if the write wants it and FUA did not do it.</summary>
    ValueTask SyncAsync(DirectWrite write);

    /// <summary>
    /// Returned: what is left for the submitter before the call returns; gives the inode lock back. Asked of every admitted write, failed
    /// or not.
    /// </summary>
    ValueTask ReturnedAsync(DirectWrite write);

    /// <summary>Truncating: what setattr waits for, with the inode lock held exclusively, before it changes the size.</summary>
    ValueTask TruncatingAsync(Inode inode, long newSizeBytes);
}
