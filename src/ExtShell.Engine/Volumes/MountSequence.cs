using ExtShell.Engine.Allocation;
using ExtShell.Engine.Caching;
using ExtShell.Engine.Devices;
using ExtShell.Engine.Inodes;
using ExtShell.Engine.IO;
using ExtShell.Engine.Journal;
using ExtShell.Engine.Kernel;
using ExtShell.Format.Checksums;
using ExtShell.Format.Errors;
using ExtShell.Format.Layout;
using ExtShell.Format.OnDisk;
using ExtShell.Format.Sources;

namespace ExtShell.Engine.Volumes;

/// <summary>Mounting, in order.</summary>
/// <remarks>
/// (1) The superblock is verified and its geometry checked; features decide between writing, reading with the reason, and refusal by name.
/// (2) The journal is found and replayed if the volume needs it, before anything else is read: all of a transaction is verified before any of it is replayed. The device is flushed
/// between the copies and the mark that says that they are done.
/// (3) The superblock is read again: recovery may have replaced it.
/// (4) A mount for writing sets needs_recovery, counts itself and takes the time, durably, before anything is changed.
/// (5) Orphans are truncated or deleted, unless a feature forbids changes. On a read-only mount their transactions are brought home at once, and the journal is closed.
/// The image may be undecided: everything is read by ranges.
/// </remarks>
internal sealed class MountSequence
{
    private readonly Machine _machine;
    private readonly IBlockDevice _device;
    private readonly MountOptions _options;

    public MountSequence(Machine machine, IBlockDevice device, MountOptions options) => (_machine, _device, _options) = (machine, device, options);

    private bool SendsBarriers => _options.Barrier != BarrierMode.Ignored;

    public async ValueTask<MountedParts> RunAsync()
    {
        RequireSupported();
        if (_options.StartTimeUnixNanoseconds is { } start && start > _machine.Clock.NowNanoseconds)
            _machine.Clock.Advance(start - _machine.Clock.NowNanoseconds);
        SuperBlock superBlock = SuperBlockReader.Read(_device.Content); // (1)
        VolumeGeometry geometry = VolumeGeometry.From(superBlock, _device.LengthBytes);
        FeatureSupport support = FeatureSupport.Of(superBlock);
        support.Require(forWriting: false);
        bool mayChange = support.Level == SupportLevel.ReadWrite;
        string? readOnlyReason = !mayChange ? string.Join("; ", support.Reasons) : _options.ReadOnly ? "it was mounted read-only" : null;

        bool hasJournal = superBlock.Has(CompatibleFeatures.HasJournal) && _options.Journal != JournalMode.None;
        JournalGeometry? journalGeometry = hasJournal ? JournalLocator.Locate(_device.Content, geometry, superBlock) : null;
        RecoveryReport? recovery = null;
        if (superBlock.Has(IncompatibleFeatures.NeedsRecovery))
        {
            recovery = await RecoverAsync(journalGeometry);
            superBlock = SuperBlockReader.Read(_device.Content); // (3)
            geometry = VolumeGeometry.From(superBlock, _device.LengthBytes);
        }

        var buffers = new BufferCache(_machine, _device, geometry.BlockSizeBytes);
        IJournal journal = OpenJournal(buffers, geometry, journalGeometry);
        var context = new VolumeContext(geometry, buffers, journal, _machine, GenerationSeed(superBlock));
        if (journalGeometry is not null)
            context.SystemZone.Add(journalGeometry.Runs.Select(static run => new BlockRun(run.PhysicalBlock, run.LengthBlocks)));
        return await AssembleAsync(context, hasJournal, readOnlyReason, mayChange, recovery);
    }

    private async ValueTask<MountedParts> AssembleAsync(VolumeContext context, bool hasJournal, string? readOnlyReason, bool mayChange, RecoveryReport? recovery)
    {
        var inodes = new InodeTable(context);
        var io = new IoContext(context, inodes, _device)
        {
            DioReadNoLock = _options.DioReadNoLock,
            SendsBarriers = SendsBarriers && _device.Traits.HasVolatileCache,
            UsesFua = _options.UseFua,
        };
        var files = new FileIo(io, _options.Protocol, _options.Switches);
        var superBlock = new VolumeSuperBlock(context, files.FileSync.FlushDeviceAsync);
        RequireRoot(inodes);
        if (readOnlyReason is null)
            await superBlock.MarkMountedAsync(hasJournal); // (4)
        OrphanReport orphans = mayChange ? await inodes.Orphans.RecoverAsync() : default; // (5)
        var parts = new MountedParts(context, inodes, io, files, superBlock, readOnlyReason, hasJournal, recovery, orphans);
        if (readOnlyReason is not null && orphans != default)
            await parts.UnmountAsync(isReadOnly: false, sawCorruption: false);
        return parts;
    }

    private async ValueTask<RecoveryReport> RecoverAsync(JournalGeometry? journal)
    {
        if (journal is null)
            throw new FileSystemException(Errno.EINVAL, "mount", "the volume needs its journal replayed, and the journal is not to be used");
        if (_device.Content is not IRecoverySource image)
            throw new FileSystemException(Errno.EROFS, "mount", "the volume needs its journal replayed, and the device cannot be written");
        RecoveryReport report = JournalRecovery.ReplayCopies(image, journal); // (2)
        if (report.Outcome == RecoveryOutcome.Failed)
            throw new FileSystemException(report.Error, "mount", $"the journal cannot be replayed: {report}");
        await FlushAsync();
        JournalRecovery.MarkRecovered(image, journal, report);
        await FlushAsync();
        return report;
    }

    private async ValueTask FlushAsync()
    {
        if (!SendsBarriers || !_device.Traits.HasVolatileCache)
            return;
        Bio flush = new Bio(_machine).SetFlush();
        _device.Submit(flush);
        await flush.WaitAsync();
        flush.ThrowIfFailed("flush after recovery");
    }

    private IJournal OpenJournal(BufferCache buffers, VolumeGeometry geometry, JournalGeometry? journal)
    {
        if (journal is null)
            return new NoJournal(buffers, SendsBarriers);
        return Jbd2Journal.Open(buffers, journal, new JournalOptions
        {
            Checksum = geometry.HasMetadataChecksum ? JournalChecksum.Version3 : JournalChecksum.None,
            Uses64Bit = geometry.Is64Bit,
            SendsBarriers = SendsBarriers,
            DrainsBeforeFlush = _options.Barrier == BarrierMode.Drain,
            UsesFua = _options.UseFua,
        });
    }

    private void RequireSupported()
    {
        if (_options.Journal is JournalMode.Writeback or JournalMode.Journal)
            throw new FileSystemException(Errno.EOPNOTSUPP, "mount", $"data={_options.Journal} is not supported yet");
        if (!Enum.IsDefined(_options.Journal) || !Enum.IsDefined(_options.Barrier))
            throw new FileSystemException(Errno.EINVAL, "mount", "a mode that there is not");
    }

    private static void RequireRoot(InodeTable inodes)
    {
        Inode root = inodes.Get(InodeNumbers.Root);
        if (!root.IsDirectory)
            throw new CorruptionException(root.ImageOffsetBytes, "root inode", "i_mode", "a directory", $"{root.Mode}");
    }

    /// <summary>Differs from mount to mount of one volume, and from volume to volume; a function of what is on the volume and of the clock.</summary>
    private uint GenerationSeed(in SuperBlock superBlock)
    {
        uint seed = Crc32C.Update(Crc32C.InitialRegister, superBlock.MountCount.Value);
        seed = Crc32C.Update(seed, superBlock.HashSeed[0]);
        return Crc32C.Update(seed, (uint)_machine.Clock.NowSeconds);
    }
}
