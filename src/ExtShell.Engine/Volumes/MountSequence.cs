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

namespace ExtShell.Engine.Volumes;

/// <summary>Mounting, in order.</summary>
/// <remarks>
/// (1) The volume is verified and its journal replayed: <see cref="VolumeRecovery"/>.
/// (2) A mount for writing sets needs_recovery, counts itself and takes the time, durably, before anything is changed.
/// (3) Orphans are truncated or deleted, unless a feature forbids changes. On a read-only mount their transactions are brought home at
/// once, and the journal is closed.
/// (4) A journal that needs recovery and is not to be used (None) lets the volume be read as it is, and nothing else.
/// (5) data=journal means no delayed allocation, no direct I/O and no dioread_nolock.
/// The image may be undecided: everything is read by ranges.
/// </remarks>
internal sealed class MountSequence
{
    private readonly Machine _machine;
    private readonly IBlockDevice _device;
    private readonly MountOptions _options;

    public MountSequence(Machine machine, IBlockDevice device, MountOptions options) =>
        (_machine, _device, _options) = (machine, device, options);

    private bool SendsBarriers => _options.Barrier != BarrierMode.Ignored;

    public async ValueTask<MountedParts> RunAsync()
    {
        RequireSupported();
        if (_options.StartTimeUnixNanoseconds is { } start && start > _machine.Clock.NowNanoseconds)
            _machine.Clock.Advance(start - _machine.Clock.NowNanoseconds);
        VolumeRecovery.RecoveredVolume volume = await VolumeRecovery.ReplayAsync(_machine, _device, _options); // (1)
        VolumeGeometry geometry = volume.Geometry;
        RequireMode(volume.Journal is not null);
        bool mayChange = volume.Support.Level == SupportLevel.ReadWrite && !volume.SkippedRecovery; // (4)
        string? readOnlyReason = !mayChange ? string.Join("; ", volume.Support.Reasons) : _options.ReadOnly ? "it was mounted read-only"
            : null;
        var buffers = new BufferCache(_machine, _device, geometry.BlockSizeBytes);
        IJournal journal = OpenJournal(buffers, geometry, volume.Journal);
        var context = new VolumeContext(geometry, buffers, journal, _machine, GenerationSeed(volume.SuperBlock))
        {
            JournalsData = _options.Journal == JournalMode.Journal,
        };
        if (volume.Journal is { } journalGeometry)
            context.SystemZone.Add(journalGeometry.Runs.Select(static run => new BlockRun(run.PhysicalBlock, run.LengthBlocks)));
        return await AssembleAsync(context, volume.Journal is not null, readOnlyReason, mayChange, volume.Report);
    }

    private async ValueTask<MountedParts> AssembleAsync(VolumeContext context, bool hasJournal, string? readOnlyReason, bool mayChange,
        RecoveryReport? recovery)
    {
        var inodes = new InodeTable(context);
        var io = new IoContext(context, inodes, _device)
        {
            DioReadNoLock = _options.DioReadNoLock && _options.Journal != JournalMode.Journal, // (5)
            SendsBarriers = SendsBarriers && _device.Traits.HasVolatileCache,
            UsesFua = _options.UseFua,
        };
        var files = new FileIo(io, _options.Protocol, _options.Switches);
        var superBlock = new VolumeSuperBlock(context, files.FileSync.FlushDeviceAsync);
        RequireRoot(inodes);
        if (readOnlyReason is null)
            await superBlock.MarkMountedAsync(hasJournal); // (2)
        OrphanReport orphans = mayChange ? await inodes.Orphans.RecoverAsync() : default; // (3)
        var parts = new MountedParts(context, inodes, io, files, superBlock, readOnlyReason, recovery, orphans);
        if (readOnlyReason is not null && orphans != default)
            await parts.UnmountAsync(isReadOnly: false, sawCorruption: false);
        return parts;
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
            OrdersData = _options.Journal != JournalMode.Writeback,
            DrainsBeforeFlush = _options.Barrier == BarrierMode.Drain,
            UsesFua = _options.UseFua,
        });
    }

    private void RequireSupported()
    {
        if (!Enum.IsDefined(_options.Journal) || !Enum.IsDefined(_options.Barrier))
            throw new FileSystemException(Errno.EINVAL, "mount", "a mode that there is not");
    }

    /// <summary>As the kernel: without a journal any other mode than the default's is refused.</summary>
    private void RequireMode(bool hasJournal)
    {
        if (!hasJournal && (_options.Journal is JournalMode.Writeback or JournalMode.Journal))
            throw new FileSystemException(Errno.EINVAL, "mount", $"data={_options.Journal} needs a journal, and none is in use");
    }

    private static void RequireRoot(InodeTable inodes)
    {
        Inode root = inodes.Get(InodeNumbers.Root);
        if (!root.IsDirectory)
            throw new CorruptionException(root.ImageOffsetBytes, "root inode", "i_mode", "a directory", $"{root.Mode}");
    }

    /// <summary>
    /// Differs from mount to mount of one volume, and from volume to volume; a function of what is on the volume and of the clock.
    /// </summary>
    private uint GenerationSeed(in SuperBlock superBlock)
    {
        uint seed = Crc32C.Update(Crc32C.InitialRegister, superBlock.MountCount.Value);
        seed = Crc32C.Update(seed, superBlock.HashSeed[0]);
        return Crc32C.Update(seed, (uint)_machine.Clock.NowSeconds);
    }
}
