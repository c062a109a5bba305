using ExtShell.Engine.Inodes;
using ExtShell.Format.Errors;

namespace ExtShell.Engine.IO;

/// <summary>
/// A way of writing a file around the page cache. The write engine asks its questions in this order: admit; then for each run of blocks map
/// and submit; submitted; I/O done; finish before sync; sync; returned. Outside of any write it is asked before the map is changed
/// (truncating, punching), before a buffered write at the end and a direct read, before an fsync chooses its transaction, and at both ends
/// of write-back into unwritten blocks.
/// </summary>
/// <remarks>
/// A protocol is one sealed class in one file, composed from <c>IO/Steps</c>; protocols never inherit from each other, so that the
/// difference of two protocols is what their files differ in. What it must remember of a write it keeps in the <see cref="DirectWrite"/>.
/// An answer that may wait is asynchronous; the others must not wait. Where history did something in another order, the protocol's file
/// says so.
/// </remarks>
public interface IWriteProtocol
{
    /// <summary>What the product prints of it.</summary>
    ProtocolDescription Description { get; }

    /// <summary>Whether setattr stores the disk size with the mapping lock held.</summary>
    bool SetsSizeUnderMappingLock => true;

    /// <summary>
    /// Admit: takes the inode lock, checks the request, updates times, and decides what the write is: extending, unaligned, waited for; or
    /// that nothing of it is transferred directly (<see cref="DirectWrite.SkipsTransfer"/>). If it throws it holds nothing.
    /// </summary>
    /// <exception cref="FileSystemException">The request is refused.</exception>
    ValueTask AdmitAsync(DirectWrite write);

    /// <summary>
    /// Map: the blocks that take the data from <paramref name="logicalBlock"/> on; at least one, at most <paramref name="lengthBlocks"/>,
    /// never a hole. <see cref="WriteMapping.Buffered"/> ends the direct part here: the protocol writes the rest when it has returned.
    /// </summary>
    /// <exception cref="FileSystemException">No space.</exception>
    ValueTask<WriteMapping> MapAsync(DirectWrite write, uint logicalBlock, int lengthBlocks);

    /// <summary>Submit: whether the data of this mapping may go out by FUA, in place of a sync when all is done.</summary>
    bool MayUseFua(DirectWrite write, in WriteMapping mapping);

    /// <summary>
    /// Submitted: nothing more is mapped or submitted, and the data as a whole cannot have ended yet. Whoever returns from submission
    /// without waiting does here what readers must see before the inode lock is dropped; it must not wait. A write that failed may still
    /// decide to be waited for.
    /// </summary>
    void Submitted(DirectWrite write)
    {
    }

    /// <summary>
    /// I/O done: the data of a write that nobody waits for is on the device, or failed. In interrupt context, or in the submitter's where
    /// nothing is in flight any more; it must not wait. It completes the write (<see cref="DirectWrite.Complete"/>) or queues what is left
    /// to do.
    /// </summary>
    void IoDone(DirectWrite write);

    /// <summary>
    /// Finish before sync: what makes the data reachable (conversion, sizes, page cache), in the protocol's order. The in-flight count
    /// drops after it, unless the protocol dropped it.
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

    /// <summary>
    /// Punching: what punch, zero range, collapse and insert wait for, with the inode lock held exclusively, before they change the map of
    /// the range.
    /// </summary>
    /// <exception cref="FileSystemException">Data of the range could not be made reachable: nothing is punched.</exception>
    ValueTask PunchingAsync(Inode inode, long offsetBytes, long lengthBytes);

    /// <summary>
    /// Appending: what a buffered write that goes to the end, or begins behind it, waits for with the inode lock held exclusively, before
    /// it looks at the size. Only where the in-memory size follows writes in flight.
    /// </summary>
    ValueTask AppendingAsync(Inode inode) => default;

    /// <summary>Reading: what a direct read waits for before it looks at the map.</summary>
    /// <returns>Whether the read holds the inode lock shared; else the in-flight count alone keeps truncate away.</returns>
    ValueTask<bool> ReadingAsync(Inode inode);

    /// <summary>Syncing: what fsync waits for when the file's dirty pages are on the device, before it chooses its transaction.</summary>
    /// <exception cref="FileSystemException">What was acknowledged could not be made reachable.</exception>
    ValueTask SyncingAsync(Inode inode);

    /// <summary>
    /// Written back: pages have left write-back, or are gone. Asked before their blocks are read, written or freed around the cache; what
    /// left write-back before its conversion is waited for here. No handle is open.
    /// </summary>
    ValueTask WrittenBackAsync(Inode inode) => default;

    /// <summary>Write-back of dirty pages into unwritten blocks is about to be submitted; it must not wait.</summary>
    void WriteBackSubmitted(PageWrite write);

    /// <summary>
    /// Write-back into unwritten blocks has its data on the device, or failed; interrupt context. It queues the conversion, and may end the
    /// pages' write-back before it (<see cref="PageWrite.EndPages"/>).
    /// </summary>
    void WriteBackDone(PageWrite write);
}
