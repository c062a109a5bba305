using ExtShell.Engine.Allocation;
using ExtShell.Format.OnDisk;

namespace ExtShell.Engine.Volumes;

/// <summary>
/// What mount and unmount write into the superblock, around the journal: at both times nothing of it is in a transaction.
/// </summary>
/// <remarks>
/// (1) With a journal, <c>needs_recovery</c> says that the volume is mounted, and <c>s_state</c> stays clean; without, <c>s_state</c> loses
/// its clean bit.
/// (2) The sums of free blocks and inodes are stored here only.
/// (3) The write is durable before mount or unmount goes on: it is flushed where barriers are sent.
/// </remarks>
internal sealed class VolumeSuperBlock
{
    private readonly VolumeContext _context;
    private readonly Func<ValueTask> _flush;

    public VolumeSuperBlock(VolumeContext context, Func<ValueTask> flush) => (_context, _flush) = (context, flush);

    /// <summary>The volume is mounted for writing from here on.</summary>
    public ValueTask MarkMountedAsync(bool hasJournal)
    {
        ref SuperBlock superBlock = ref Change();
        superBlock.MountCount = (ushort)Math.Min(superBlock.MountCount.Value + 1, ushort.MaxValue);
        superBlock.MountTime = _context.Machine.Clock.NowSeconds;
        if (hasJournal)
            superBlock.Incompatible |= IncompatibleFeatures.NeedsRecovery; // (1)
        else
            superBlock.MountState &= ~MountState.Clean;
        return WriteAsync();
    }

    /// <summary>The volume is whole, and needs no recovery.</summary>
    public ValueTask MarkCleanAsync(bool sawErrors)
    {
        ref SuperBlock superBlock = ref Change();
        superBlock.Incompatible &= ~IncompatibleFeatures.NeedsRecovery;
        superBlock.MountState |= MountState.Clean | (sawErrors ? MountState.Errors : MountState.None);
        return WriteAsync();
    }

    private ref SuperBlock Change()
    {
        ref SuperBlock superBlock = ref _context.SuperBlock.View(_context.SuperBlock.Buffer.GetContentForWriting());
        superBlock.WriteTime = _context.Machine.Clock.NowSeconds;
        _context.StoreSummaries(ref superBlock); // (2)
        return ref superBlock;
    }

    private async ValueTask WriteAsync()
    {
        Buffer buffer = _context.SuperBlock.Buffer;
        _context.SuperBlock.StoreChecksum(buffer.GetContentForWriting());
        buffer.MarkDirty();
        await _context.Buffers.WriteBackAsync([buffer]);
        await _flush(); // (3)
    }
}
