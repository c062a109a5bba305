using ExtShell.Engine.Devices;
using ExtShell.Engine.Journal;
using ExtShell.Engine.Kernel;
using ExtShell.Format.Errors;
using ExtShell.Format.Layout;
using ExtShell.Format.OnDisk;
using ExtShell.Format.Sources;

namespace ExtShell.Engine.Volumes;

/// <summary>
/// What a mount does to a volume before anyone uses it: verifies, replays the journal, truncates or deletes orphans.
/// <see cref="RecoverAsync"/> does that and nothing else, as e2fsck's preen does: it mounts the volume only where there are orphans.
/// </summary>
/// <remarks>
/// (1) The superblock is verified; features decide between writing, reading with the reason, and refusal by name; then its geometry is
/// checked.
/// (2) The journal is found and replayed if the volume needs it, before anything else is read: all of a transaction is verified before any
/// of it is replayed. The device is flushed between the copies and the mark that says that they are done.
/// (3) The superblock is read again: recovery may have replaced it.
/// (4) Where the volume says that it needs no recovery, what a log holds is dropped, as the kernel does: without barriers the mark may be
/// lost, the log kept.
/// The image may be undecided: everything is read by ranges.
/// </remarks>
public static class VolumeRecovery
{
    /// <summary>Recovers the volume on the device; where there are orphans by mounting and unmounting it.</summary>
    /// <exception cref="CorruptionException">It is damaged so that it cannot be mounted.</exception>
    /// <exception cref="FileSystemException">Its journal cannot be replayed, or a feature refuses the mount by name.</exception>
    public static async ValueTask RecoverAsync(Machine machine, IBlockDevice device, MountOptions? options = null)
    {
        options ??= MountOptions.Default;
        RecoveredVolume recovered = await ReplayAsync(machine, device, options);
        bool hasOrphans = recovered.SuperBlock.LastOrphan.Value != 0 || recovered.SuperBlock.Has(ReadOnlyCompatibleFeatures.OrphanPresent);
        if (hasOrphans)
            await (await Volume.MountAsync(machine, device, options)).UnmountAsync();
    }

    /// <summary>Where the journal of an image is; null where it has none.</summary>
    /// <exception cref="CorruptionException">There is no volume, or it is damaged.</exception>
    /// <exception cref="FileSystemException">EOPNOTSUPP: the journal is on another device.</exception>
    public static JournalGeometry? LocateJournal(IByteSource image)
    {
        SuperBlock superBlock = SuperBlockReader.Read(image);
        return superBlock.Has(CompatibleFeatures.HasJournal)
            ? JournalLocator.Locate(image, VolumeGeometry.From(superBlock, image.LengthBytes), superBlock)
            : null;
    }

    /// <summary>Verifies, and replays the journal where the volume needs it.</summary>
    internal static async ValueTask<RecoveredVolume> ReplayAsync(Machine machine, IBlockDevice device, MountOptions options)
    {
        SuperBlock superBlock = SuperBlockReader.Read(device.Content); // (1)
        FeatureSupport support = FeatureSupport.Of(superBlock);
        support.Require(forWriting: false);
        VolumeGeometry geometry = VolumeGeometry.From(superBlock, device.LengthBytes);
        bool hasJournal = superBlock.Has(CompatibleFeatures.HasJournal) && options.Journal != JournalMode.None;
        bool needsRecovery = superBlock.Has(IncompatibleFeatures.NeedsRecovery);
        JournalGeometry? journal = hasJournal ? JournalLocator.Locate(device.Content, geometry, superBlock) : null;
        if (!needsRecovery)
        {
            if (journal is not null && device.Content is IRecoverySource log)
                JournalRecovery.Wipe(log, journal); // (4)
            return new RecoveredVolume(superBlock, geometry, support, journal, null);
        }

        if (journal is null && options.ReadOnly)
            return new RecoveredVolume(superBlock, geometry, support, null, null) { SkippedRecovery = true };
        bool sendsBarriers = options.Barrier != BarrierMode.Ignored && device.Traits.HasVolatileCache;
        RecoveryReport report = await ReplayAsync(machine, device, journal, sendsBarriers);
        superBlock = SuperBlockReader.Read(device.Content); // (3)
        return new RecoveredVolume(superBlock, VolumeGeometry.From(superBlock, device.LengthBytes), support, journal, report);
    }

    private static async ValueTask<RecoveryReport> ReplayAsync(
        Machine machine, IBlockDevice device, JournalGeometry? journal, bool sendsBarriers)
    {
        if (journal is null)
            throw new FileSystemException(
                Errno.EINVAL, "mount", "the volume needs its journal replayed, and the journal is not to be used");
        if (device.Content is not IRecoverySource image)
            throw new FileSystemException(Errno.EROFS, "mount", "the volume needs its journal replayed, and the device cannot be written");
        RecoveryReport report = JournalRecovery.ReplayCopies(image, journal); // (2)
        if (report.Outcome == RecoveryOutcome.Failed)
            throw new FileSystemException(report.Error, "mount", $"the journal cannot be replayed: {report}");
        if (sendsBarriers)
            await FlushAsync(machine, device);
        JournalRecovery.MarkRecovered(image, journal, report);
        if (sendsBarriers)
            await FlushAsync(machine, device);
        return report;
    }

    private static async ValueTask FlushAsync(Machine machine, IBlockDevice device)
    {
        Bio flush = new Bio(machine).SetFlush();
        device.Submit(flush);
        await flush.WaitAsync();
        flush.ThrowIfFailed("flush after recovery");
    }

    /// <summary>A volume that needs no recovery any more.</summary>
    internal readonly record struct RecoveredVolume(
        SuperBlock SuperBlock, VolumeGeometry Geometry, FeatureSupport Support, JournalGeometry? Journal, RecoveryReport? Report)
    {
        /// <summary>Whether it would need recovery, and is only read without.</summary>
        public bool SkippedRecovery { get; init; }
    }
}
