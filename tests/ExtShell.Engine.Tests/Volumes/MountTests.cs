using System.Runtime.InteropServices;
using ExtShell.Engine.Devices;
using ExtShell.Engine.IO;
using ExtShell.Engine.Journal;
using ExtShell.Engine.Volumes;
using ExtShell.Format.Checksums;
using ExtShell.Format.Errors;
using ExtShell.Format.Layout;
using ExtShell.Format.OnDisk;

namespace ExtShell.Engine.Tests.Volumes;

public sealed class MountTests
{
    private const int Block = 4096;

    [Fact]
    public void MountedVolumeSaysThatItNeedsRecoveryAndUnmountThatItIsClean()
    {
        using var host = new TestVolume();
        SuperBlock made = SuperBlockReader.Read(new StorageSource(host.Storage));
        Assert.True(made.Has(IncompatibleFeatures.NeedsRecovery));
        Assert.Equal(1, made.MountCount.Value);
        Assert.Equal(host.Machine.Clock.NowSeconds, made.MountTime);
        using (FileHandle file = host.Volume.Create("f"))
            file.WriteDirect(0, TestVolume.Bytes(1, Block));
        long free = host.Volume.GetStatistics().FreeBlocks;
        host.Volume.Unmount();
        SuperBlock clean = SuperBlockReader.Read(new StorageSource(host.Storage));
        Assert.False(clean.Has(IncompatibleFeatures.NeedsRecovery));
        Assert.Equal((MountState.Clean, (ulong)free), (clean.MountState, clean.FreeBlocksCount));
    }

    [Fact]
    public void VolumeWithoutAJournalSaysThatItIsMountedInItsState()
    {
        using var host = new TestVolume(features: "^has_journal");
        Assert.Equal(MountState.None, SuperBlockReader.Read(new StorageSource(host.Storage)).MountState & MountState.Clean);
        host.Volume.Unmount();
        Assert.Equal(MountState.Clean, SuperBlockReader.Read(new StorageSource(host.Storage)).MountState);
    }

    [Fact]
    public void StartTimeMovesTheClock()
    {
        const long later = 2_000_000_000L * 1_000_000_000;
        using var host = new TestVolume(options: new MountOptions { StartTimeUnixNanoseconds = later });
        Assert.Equal(2_000_000_000, SuperBlockReader.Read(new StorageSource(host.Storage)).MountTime);
    }

    [Fact]
    public void ReadOnlyMountRecoversAndThenChangesNothing()
    {
        using var host = new TestVolume();
        byte[] bytes = TestVolume.Bytes(1, 3 * Block);
        FileHandle file = host.Volume.Create("f");
        file.WriteDirect(0, bytes, SyncKind.Sync);
        host.Options = new MountOptions { ReadOnly = true };
        host.Crash();
        Assert.Equal(RecoveryOutcome.Recovered, host.Volume.Recovery!.Outcome);
        WriteLog log = host.Disk.StartLog();
        using (FileHandle reader = host.Volume.Open("f", OpenOptions.ReadOnly))
        {
            Assert.Equal(bytes, reader.ReadDirect(0, bytes.Length));
            Assert.Equal(bytes, reader.ReadBuffered(0, bytes.Length));
            reader.Sync();
        }

        Assert.Equal(Errno.EROFS, FileOperationTests.ErrorOf(() => host.Volume.Create("g")));
        Assert.Equal(Errno.EROFS, FileOperationTests.ErrorOf(() => host.Volume.Unlink("f")));
        using (FileHandle writer = host.Volume.Open("f"))
            Assert.Equal(Errno.EROFS, FileOperationTests.ErrorOf(() => writer.WriteDirect(0, bytes)));
        host.Volume.Sync();
        host.Volume.Unmount();
        Assert.Empty(log.Bios);
        host.AssertClean();
    }

    [Theory]
    [InlineData(IncompatibleFeatures.Compression, 0u, Errno.EOPNOTSUPP)]
    [InlineData((IncompatibleFeatures)0x4000_0000, 0u, Errno.EOPNOTSUPP)]
    public void UnknownIncompatibleFeatureIsRefusedByName(IncompatibleFeatures incompatible, uint readOnly, Errno expected)
    {
        PagedMemory storage = WithFeatures(incompatible, (ReadOnlyCompatibleFeatures)readOnly);
        FileSystemException refused = Assert.Throws<FileSystemException>(() => Mount(storage));
        Assert.Equal(expected, refused.Errno);
        Assert.Contains(FeatureNames.Of(incompatible), refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void UnknownReadOnlyFeatureMountsReadOnlyAndSaysWhy()
    {
        const ReadOnlyCompatibleFeatures unknown = (ReadOnlyCompatibleFeatures)0x4000_0000;
        using Volume volume = Mount(WithFeatures(IncompatibleFeatures.None, unknown));
        Assert.True(volume.IsReadOnly);
        Assert.Contains(FeatureNames.Of(unknown), volume.ReadOnlyReason, StringComparison.Ordinal);
        Assert.Equal(Errno.EROFS, FileOperationTests.ErrorOf(() => volume.Mkdir("d")));
    }

    [Fact]
    public void DamagedSuperBlockIsCorruption()
    {
        using var host = new TestVolume();
        host.Volume.Unmount();
        host.Storage.Write(SuperBlock.OffsetBytes + 0x10, [0xFF]);
        Assert.Equal("s_checksum", Assert.Throws<CorruptionException>(() => Mount(host.Storage)).Field);
    }

    [Fact]
    public void FailedJournalWriteStopsTheVolume()
    {
        using var host = new TestVolume();
        using FileHandle file = host.Volume.Create("f");
        file.WriteDirect(0, TestVolume.Bytes(1, Block));
        host.Disk.FaultPlan = static bio => bio.Origin.Kind == ProvenanceKind.Journal ? Errno.EIO : Errno.None;
        Assert.Equal(Errno.EIO, FileOperationTests.ErrorOf(() => file.Sync()));
        host.Disk.FaultPlan = null;
        Assert.True(host.Volume.IsReadOnly);
        Assert.Equal(Errno.EROFS, FileOperationTests.ErrorOf(() => file.WriteDirect(0, TestVolume.Bytes(1, Block))));
        Assert.Equal(TestVolume.Bytes(1, Block), file.ReadDirect(0, Block));
    }

    [Theory]
    [InlineData(ShutdownKind.Flush, true)]
    [InlineData(ShutdownKind.NoLogFlush, false)]
    public void ShutDownVolumeAnswersWithErrors(ShutdownKind kind, bool keepsData)
    {
        using var host = new TestVolume();
        FileHandle file = host.Volume.Create("f");
        file.WriteBuffered(0, TestVolume.Bytes(1, Block));
        host.Volume.Shutdown(kind);
        Assert.Equal(Errno.EIO, FileOperationTests.ErrorOf(() => file.Sync()));
        Assert.Equal(Errno.EIO, FileOperationTests.ErrorOf(() => host.Volume.Mkdir("d")));
        host.Volume.Unmount();
        host.Crash();
        Assert.Equal(keepsData, host.Volume.Exists("f"));
    }

    [Fact]
    public void SameCallsWriteTheSameBytesInTheSameOrder()
    {
        static List<string> Run()
        {
            var host = new TestVolume();
            WriteLog log = host.Disk.StartLog();
            new RandomWorkload(7, host).Run(150);
            host.Volume.Unmount();
            return [.. log.Bios.Select(static bio => $"{bio.Operation} {bio.OffsetBytes} {bio.LengthBytes} {bio.Origin} "
                + $"{Crc32C.Update(0, bio.Data.Span)} {bio.SubmittedAt} {bio.CompletedAt}")];
        }

        Assert.Equal(Run(), Run());
    }

    [Fact]
    public void ObserverIsToldEachCallItsAcknowledgementAndItsReturnOnce()
    {
        var observer = new Notes();
        using var host = new TestVolume(options: new MountOptions { Observer = observer });
        FileHandle file = host.Volume.Create("f");
        DirectIo io = file.StartDirect(0, TestVolume.Bytes(1, Block));
        file.WaitDirect(io);
        FileOperationTests.ErrorOf(() => file.WriteDirect(1, new byte[Block]));
        file.Close();
        Assert.Equal(
            [
                "call 100 Create f", "ack 100 1 None", "return 100 1 None",
                "call 101 StartDirect f", "ack 101 4096 None", "return 101 0 None",
                "call 102 WaitDirect f", "ack 102 4096 None", "return 102 4096 None",
                "call 103 WriteDirect f", "ack 103 0 EINVAL", "return 103 0 EINVAL",
                "call 104 Close f", "ack 104 0 None", "return 104 0 None",
            ],
            observer.Lines);
    }

    [Fact]
    public void ShutdownThatMeetsADamagedMapIsTold()
    {
        var observer = new Notes();
        using var host = new TestVolume(options: new MountOptions { Observer = observer });
        FileHandle file = host.Volume.Create("f");
        for (int i = 0; i < 6; i++) // more extents than the root holds
            file.WriteDirect(i * 2 * Block, TestVolume.Bytes(i, Block));
        host.Volume.Sync();
        file.WriteBuffered(0, TestVolume.Bytes(1, Block));
        long leaf = MemoryMarshal.Read<ExtentIndex>(host.Volume.Inodes.Get(file.Inode).Root[ExtentHeader.SizeBytes..]).ChildBlock;
        host.Storage.Write((leaf * Block) + 100, [1, 2, 3]);
        host.Volume.Context.Buffers.Forget(leaf);
        observer.Lines.Clear();
        Assert.Throws<CorruptionException>(() => host.Volume.Shutdown(ShutdownKind.Flush));
        Assert.EndsWith(" 0 EUCLEAN", observer.Lines[^1], StringComparison.Ordinal);
    }

    private static Volume Mount(PagedMemory storage)
    {
        var machine = new Kernel.Machine();
        return Volume.Mount(machine, new SimulatedDisk(machine, storage, new DeviceTraits(HasVolatileCache: true)));
    }

    private static PagedMemory WithFeatures(IncompatibleFeatures incompatible, ReadOnlyCompatibleFeatures readOnly)
    {
        using var host = new TestVolume(fill: false);
        host.Volume.Unmount();
        var bytes = new byte[SuperBlock.SizeBytes];
        host.Storage.Read(SuperBlock.OffsetBytes, bytes);
        ref SuperBlock superBlock = ref MemoryMarshal.AsRef<SuperBlock>(bytes.AsSpan());
        superBlock.Incompatible |= incompatible;
        superBlock.ReadOnlyCompatible |= readOnly;
        Ext4Checksums.SuperBlock(0).Store(bytes, 0);
        host.Storage.Write(SuperBlock.OffsetBytes, bytes);
        return host.Storage;
    }

    private sealed class Notes : IVolumeObserver
    {
        private int _next = 100;

        public List<string> Lines { get; } = [];

        public int OnCall(in OperationCall call)
        {
            Lines.Add($"call {_next} {call.Kind} {call.Path}");
            return _next++;
        }

        public void OnReturn(int call, long result, Errno errno) => Lines.Add($"return {call} {result} {errno}");

        public void OnAcknowledged(int call, long result, Errno errno) => Lines.Add($"ack {call} {result} {errno}");
    }
}
