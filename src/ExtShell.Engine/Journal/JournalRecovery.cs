using System.Runtime.InteropServices;
using ExtShell.Format.Checksums;
using ExtShell.Format.Errors;
using ExtShell.Format.Journal;
using ExtShell.Format.OnDisk;
using ExtShell.Format.Sources;

namespace ExtShell.Engine.Journal;

/// <summary>
/// Brings a volume to the state after its last whole transaction. It is pure over the image, which may be partly undecided.
/// </summary>
/// <remarks>
/// The three passes are <see cref="LogScan"/> (which transactions are whole) and <see cref="LogReplay"/> (what is revoked; copy the rest
/// home). Then the log is marked empty, and the volume as not needing recovery.
/// (1) The superblocks change after all copies; a device that caches is flushed in between by who recovers in two steps.
/// (2) After failure they do not change: the next mount fails as well, as the kernel's does.
/// (3) The sequence goes on two after the last transaction that counts, so that a torn one after it can never count; that is what the
/// kernel and e2fsck leave.
/// </remarks>
public static class JournalRecovery
{
    /// <summary>Recovers, and marks the log empty and the volume as recovered.</summary>
    /// <param name="image">The volume.</param>
    /// <param name="geometry">Where its journal is.</param>
    /// <param name="stopsAtBadDescriptor">
    /// Whether a descriptor whose sum does not match ends the log at once. The kernel still counts its tags to look for the commit record
    /// behind it, and fails the mount if it is there; that interprets bytes that stand for many on an undecided image.
    /// </param>
    /// <returns>What was done; look at its outcome.</returns>
    /// <exception cref="CorruptionException">A superblock or a record says what cannot be.</exception>
    /// <exception cref="FileSystemException">EOPNOTSUPP: an unknown feature, or fast commits to be replayed.</exception>
    public static RecoveryReport Replay(IRecoverySource image, JournalGeometry geometry, bool stopsAtBadDescriptor = false)
    {
        RecoveryReport report = ReplayCopies(image, geometry, stopsAtBadDescriptor);
        if (report.Outcome != RecoveryOutcome.Failed)
            MarkRecovered(image, geometry, report); // (1)
        return report;
    }

    /// <summary>The first step of recovery: copies what counts to its homes. Flush the device, then <see cref="MarkRecovered"/>.</summary>
    /// <inheritdoc cref="Replay"/>
    public static RecoveryReport ReplayCopies(IRecoverySource image, JournalGeometry geometry, bool stopsAtBadDescriptor = false)
    {
        LogFormat format = LogFormat.Read(image, geometry);
        var first = new TransactionId(format.SuperBlock.Sequence);
        Errno recorded = RecordedError(format.SuperBlock);
        if (format.SuperBlock.Start == 0)
            return new RecoveryReport
            {
                Outcome = RecoveryOutcome.NotNeeded, End = LogEnd.Empty, First = first, Next = first, RecordedError = recorded,
            };
        var scan = new LogScan(image, format, stopsAtBadDescriptor);
        scan.Run();
        var replay = new LogReplay(image, format);
        LogEnd end = scan.End;
        if (end != LogEnd.DamagedTransaction)
        {
            RefuseFastCommits(image, format, scan.EndTransaction);
            replay.CollectRevoked(scan.Records, scan.EndTransaction);
            if (!replay.TryReplay(scan.Records, scan.First, scan.EndTransaction))
                end = LogEnd.DamagedCopy;
        }

        bool hasFailed = scan.IsDamaged || end == LogEnd.DamagedCopy;
        return new RecoveryReport
        {
            Outcome = hasFailed ? RecoveryOutcome.Failed : RecoveryOutcome.Recovered,
            End = end,
            Error = !hasFailed ? Errno.None : end == LogEnd.DamagedCommit ? Errno.EUCLEAN : Errno.EBADMSG,
            First = scan.First,
            Next = scan.EndTransaction,
            EndBlock = scan.EndBlock,
            TransactionsReplayed = replay.TransactionsReplayed,
            BlocksReplayed = replay.BlocksReplayed,
            BlocksRevoked = replay.BlocksRevoked,
            RevokeRecords = replay.RevokeRecords,
            RecordedError = recorded,
        };
    }

    /// <summary>The second step: marks the log empty, and the volume as not needing recovery.</summary>
    public static void MarkRecovered(IRecoverySource image, JournalGeometry geometry, RecoveryReport report)
    {
        InvariantException.Require(report.Outcome != RecoveryOutcome.Failed, "a log that could not be replayed is not emptied"); // (2)
        if (report.Outcome == RecoveryOutcome.Recovered)
            MarkEmpty(image, LogFormat.Read(image, geometry), report.Next, report.EndBlock);
        ClearNeedsRecovery(image, geometry.VolumeSuperBlockOffsetBytes);
    }

    /// <summary>
    /// Drops what a log holds without replaying it: for a volume that says that it needs no recovery, where the kernel does so.
    /// </summary>
    /// <returns>Whether the log held anything.</returns>
    public static bool Wipe(IRecoverySource image, JournalGeometry geometry)
    {
        LogFormat format = LogFormat.Read(image, geometry);
        if (format.SuperBlock.Start == 0)
            return false;
        var scan = new LogScan(image, format, stopsAtBadDescriptor: true);
        scan.Run();
        MarkEmpty(image, format, scan.EndTransaction, scan.EndBlock);
        return true;
    }

    private static void MarkEmpty(IRecoverySource image, LogFormat format, TransactionId next, uint endBlock)
    {
        ref JournalSuperBlock superBlock = ref format.SuperBlock;
        superBlock.Start = 0;
        superBlock.Sequence = next.Next.Sequence; // (3)
        if (superBlock.Header.BlockType == JournalBlockType.SuperBlockV2)
            superBlock.Head = endBlock;
        format.Seal();
        image.Write(format.Geometry.OffsetBytes(0), format.Bytes);
    }

    private static void ClearNeedsRecovery(IRecoverySource image, long offsetBytes)
    {
        const uint needsRecovery = 0x4, metadataChecksum = 0x400;
        const int incompatibleOffset = 0x60;
        if ((image.Read(offsetBytes + incompatibleOffset, 1)[0] & needsRecovery) == 0)
            return;
        var bytes = new byte[SuperBlock.SizeBytes];
        image.Read(offsetBytes, bytes.Length).CopyTo(bytes);
        ref SuperBlock superBlock = ref MemoryMarshal.AsRef<SuperBlock>(bytes.AsSpan());
        superBlock.FeatureIncompat = superBlock.FeatureIncompat.Value & ~needsRecovery;
        if ((superBlock.FeatureReadOnlyCompat.Value & metadataChecksum) != 0)
            Ext4Checksums.SuperBlock(0).Store(bytes, 0);
        image.Write(offsetBytes, bytes);
    }

    private static Errno RecordedError(in JournalSuperBlock superBlock) =>
        (Errno)Math.Abs((long)unchecked((int)superBlock.ErrorNumber.Value));

    /// <summary>
    /// Fast commits go on from the last full commit; they are there if the area begins with the head of one for the next transaction.
    /// </summary>
    private static void RefuseFastCommits(IByteSource image, LogFormat format, TransactionId next)
    {
        if (!format.HasFastCommit || format.FirstFastCommitBlock >= format.SuperBlock.MaxLength)
            return;
        long offset = format.Geometry.OffsetBytes(format.FirstFastCommitBlock);
        ReadOnlySpan<byte> bytes = image.Read(offset, Marshal.SizeOf<FastCommitTagLength>() + Marshal.SizeOf<FastCommitHead>());
        var tag = MemoryMarshal.Read<FastCommitTagLength>(bytes);
        var head = MemoryMarshal.Read<FastCommitHead>(bytes[4..]);
        if (tag.TagValue == (ushort)FastCommitTag.Head && head.TransactionId == next.Sequence)
            throw new FileSystemException(
                Errno.EOPNOTSUPP, "recover the volume", "fast_commit: the journal holds fast commits, which are not replayed yet");
    }
}
