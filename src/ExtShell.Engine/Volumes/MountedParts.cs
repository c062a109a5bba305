using ExtShell.Engine.Allocation;
using ExtShell.Engine.Inodes;
using ExtShell.Engine.IO;
using ExtShell.Engine.Journal;
using ExtShell.Format.Errors;
using ExtShell.Format.OnDisk;

namespace ExtShell.Engine.Volumes;

/// <summary>What a mount puts together.</summary>
/// <param name="Context">The floors up to allocation.</param>
/// <param name="Inodes">The live inodes.</param>
/// <param name="Io">What file I/O needs of the volume.</param>
/// <param name="Files">File I/O.</param>
/// <param name="SuperBlock">What unmount writes into the superblock.</param>
/// <param name="ReadOnlyReason">Why nothing can be changed, or null.</param>
/// <param name="Recovery">What recovery did, where it was needed.</param>
/// <param name="Orphans">What was done with orphans.</param>
internal sealed record MountedParts(
    VolumeContext Context,
    InodeTable Inodes,
    IoContext Io,
    FileIo Files,
    VolumeSuperBlock SuperBlock,
    string? ReadOnlyReason,
    RecoveryReport? Recovery,
    OrphanReport Orphans)
{
    /// <summary>The tree of names.</summary>
    public Namespace Names { get; } = new(Context, Inodes);

    /// <summary>
    /// syncfs: writes all files back, commits, and brings metadata home as sync(2) does. A file that cannot be written back does not keep
    /// the others from it.
    /// </summary>
    /// <returns>
    /// The first failure of a write-back, or what one before this had met that was not reported, for the caller to report when all is done;
    /// null if there was none.
    /// </returns>
    public async ValueTask<FileSystemException?> SyncAllAsync(bool isUnmounting)
    {
        FileSystemException? firstFailure = await WriteFilesAsync(isUnmounting);
        await Io.WriteBackCompletions.FlushAsync();
        if (isUnmounting)
            await Io.DirectCompletions.FlushAsync();
        IJournal journal = Context.Journal;
        TransactionId transaction = journal.RunningTransaction;
        bool isFlushed = journal.WillSendBarrier(transaction);
        await journal.CommitAsync(transaction);
        if (!isFlushed)
            await Files.FileSync.FlushDeviceAsync();
        await Context.Buffers.WriteBackAsync();
        return Context.WriteErrors.Take(isUnmounting) is { } error
            ? firstFailure ?? new FileSystemException(
                error, isUnmounting ? "unmount" : "sync", "data of a file did not reach the device, or cannot be reached there")
            : firstFailure;
    }

    /// <summary>Writes the dirty pages of all files back, and makes what is written reachable.</summary>
    /// <returns>The first failure; the files behind it are written all the same.</returns>
    public async ValueTask<FileSystemException?> WriteFilesAsync(bool waitsForDirect)
    {
        FileSystemException? firstFailure = null;
        foreach (Inode inode in Inodes.Live())
        {
            if (waitsForDirect)
                await inode.WaitForDirectAsync();
            if (!inode.IsRegular || inode.IsEvicted || inode.LinksCount == 0)
                continue; // nobody is promised the content of a file without names, and it may be on its way to deletion
            Inodes.Retain(inode);
            try
            {
                await Files.WriteBack.WriteFileAsync(inode);
                await Io.Protocol.SyncingAsync(inode);
            }
            catch (FileSystemException failure) when (!Context.Journal.IsAborted)
            {
                firstFailure ??= failure;
            }
            finally
            {
                await Inodes.ReleaseAsync(inode);
            }
        }

        return firstFailure;
    }

    /// <summary>Unmount: everything is home, the journal is empty, and the superblock says so.</summary>
    /// <returns>What kept data from the device, as <see cref="SyncAllAsync"/> says it: that data is lost.</returns>
    public async ValueTask<FileSystemException?> UnmountAsync(bool isReadOnly, bool sawCorruption)
    {
        if (isReadOnly || Context.Journal.IsAborted)
            return null;
        FileSystemException? firstFailure = await SyncAllAsync(isUnmounting: true);
        await MarkNoOrphansAsync();
        await Context.Journal.CloseAsync();
        await SuperBlock.MarkCleanAsync(sawCorruption);
        return firstFailure;
    }

    private async ValueTask MarkNoOrphansAsync()
    {
        if (!Inodes.Orphans.IsEmpty || !Context.SuperBlock.Value.Has(ReadOnlyCompatibleFeatures.OrphanPresent))
            return;
        Handle handle = await Context.Journal.StartAsync(1, "no orphans");
        Inodes.Orphans.MarkNone(handle);
        await handle.StopAsync();
    }
}
