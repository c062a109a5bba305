using System.Buffers.Binary;
using System.Globalization;
using System.Text.RegularExpressions;
using ExtShell.Engine.Caching;
using ExtShell.Engine.Devices;
using ExtShell.Engine.Journal;
using ExtShell.Engine.Kernel;
using ExtShell.Format.Checksums;
using ExtShell.Format.OnDisk;
using ExtShell.TestTools;

namespace ExtShell.Conformance.Tests.Journal;

/// <summary>Journals that we wrote: debugfs reads what is in them, and the kernel and e2fsck replay them to what we meant.</summary>
public sealed partial class OurJournalsInTheKernelTests
{
    [RequiresKernelMountTheory("mkfs.ext4", "debugfs", "dumpe2fs", "e2fsck")]
    [InlineData(JournalChecksum.Version3, true, "-b 4096", 1)]
    [InlineData(JournalChecksum.Version3, true, "-b 1024", 2)]
    [InlineData(JournalChecksum.Version2, true, "-b 4096", 3)]
    [InlineData(JournalChecksum.None, true, "-b 4096 -O ^metadata_csum", 4)]
    [InlineData(JournalChecksum.None, false, "-b 4096 -O ^metadata_csum,^64bit", 5)]
    public void ReferenceToolsReplayThemToWhatWeMeant(JournalChecksum checksum, bool is64Bit, string makeOptions, int seed)
    {
        using var folder = new TemporaryFolder();
        string image = folder.File("image");
        ReferenceImage.Make(image, "64M", makeOptions.Split(' '));
        JournalGeometry geometry = JournalOfImage.GeometryOf(image);
        var run = new Run(
            JournalOfImage.Load(image), geometry, FreeBlocks(image), new JournalOptions { Checksum = checksum, Uses64Bit = is64Bit }, seed);
        run.DoTransactions(260);
        IStorage crashed = run.Crash();
        JournalOfImage.Save(crashed, image);

        JournalRecovery.Replay(new StorageSource(crashed), geometry);
        run.AssertMeant(crashed, "our own recovery");
        AssertLogDumpAgrees(image, run);
        string checkedImage = folder.File("checked");
        File.Copy(image, checkedImage);
        ToolResult checker = ExternalTool.Run("e2fsck", "-y", "-E", "journal_only", checkedImage);
        Assert.True(checker.ExitCode <= 1, checker.Output + checker.Errors);
        run.AssertMeant(JournalOfImage.Load(checkedImage), "e2fsck's recovery");
        ReferenceImage.FillByKernel(image, "", _ => { });
        run.AssertMeant(JournalOfImage.Load(image), "the kernel's recovery");
        Assert.Equal(0, ExternalTool.Run("e2fsck", "-fn", image).ExitCode);
    }

    [RequiresKernelMountFact("mkfs.ext4", "debugfs", "dumpe2fs", "e2fsck")]
    public void AJournalThatWeClosedGoesOnInTheKernelAndBack()
    {
        using var folder = new TemporaryFolder();
        string image = folder.File("image");
        ReferenceImage.Make(image, "64M", "-b", "4096");
        JournalGeometry geometry = JournalOfImage.GeometryOf(image);
        for (int round = 0; round < 3; round++)
        {
            var run = new Run(JournalOfImage.Load(image), geometry, FreeBlocks(image), new JournalOptions(), round);
            run.DoTransactions(100);
            run.Close();
            JournalOfImage.Save(run.Storage, image);
            run.AssertMeant(run.Storage, "our own close");
            int number = round;
            ReferenceImage.FillByKernel(image, "", mountPoint => File.WriteAllText(Path.Combine(mountPoint, $"file{number}"), "text"));
            Assert.Equal(0, ExternalTool.Run("e2fsck", "-fn", image).ExitCode);
        }
    }

    private static void AssertLogDumpAgrees(string image, Run run)
    {
        string dump = ExternalTool.RunOrThrow("debugfs", "-R", "logdump -a", image);
        Assert.DoesNotContain("checksum", dump, StringComparison.OrdinalIgnoreCase);
        uint[] commits = [.. CommitLine().Matches(dump).Select(match => uint.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture))];
        Assert.Equal(run.Last.Sequence, commits[^1]);
        Assert.Equal(Enumerable.Range(0, commits.Length).Select(i => commits[0] + (uint)i), commits);
        long[] logged = [.. LoggedLine().Matches(dump).Select(match => long.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture))];
        Assert.All(logged, home => Assert.Contains(home, run.Homes));
        Assert.Contains("end of journal", dump, StringComparison.Ordinal);
    }

    /// <summary>The last free blocks of the volume: nothing but this test uses them.</summary>
    private static long[] FreeBlocks(string image)
    {
        string groups = ExternalTool.RunOrThrow("dumpe2fs", image);
        string last = groups.Split('\n')
            .Last(line => line.Contains("Free blocks: ", StringComparison.Ordinal) && line.Contains('-', StringComparison.Ordinal));
        long[] ends = [.. last[(last.LastIndexOf(' ') + 1)..].Split('-')
            .Select(number => long.Parse(number, CultureInfo.InvariantCulture))];
        return [.. Enumerable.Range(0, 40).Select(i => ends[1] - (3 * i))];
    }

    [GeneratedRegex("Found expected sequence (\\d+), type 2")]
    private static partial Regex CommitLine();

    [GeneratedRegex("FS block (\\d+) logged")]
    private static partial Regex LoggedLine();

    /// <summary>Random transactions over free blocks, some of which are freed and then hold data that no replay may cover.</summary>
    private sealed class Run
    {
        private readonly Machine _machine = new();
        private readonly SimulatedDisk _disk;
        private readonly BufferCache _cache;
        private readonly Jbd2Journal _journal;
        private readonly Random _random;
        private readonly Dictionary<long, byte[]> _meant = [];
        private readonly List<long> _live;

        public Run(IStorage storage, JournalGeometry geometry, long[] homes, JournalOptions options, int seed)
        {
            _random = new Random(seed);
            Homes = homes;
            _live = [.. homes];
            _disk = new SimulatedDisk(_machine, storage, new DeviceTraits(HasVolatileCache: true));
            _cache = new BufferCache(_machine, _disk, geometry.BlockSizeBytes);
            _journal = Jbd2Journal.Open(_cache, geometry, options);
            SetNeedsRecovery(true);
        }

        public IReadOnlyList<long> Homes { get; }

        public IStorage Storage => _disk.Storage;

        public TransactionId Last { get; private set; }

        public void DoTransactions(int count)
        {
            for (int i = 0; i < count; i++)
                _machine.Run(DoTransactionAsync);
        }

        public IStorage Crash() => _disk.Storage.Snapshot();

        public void Close()
        {
            _machine.Run(_journal.CloseAsync);
            SetNeedsRecovery(false);
        }

        public void AssertMeant(IStorage storage, string where)
        {
            foreach ((long home, byte[] bytes) in _meant)
                Assert.True(storage.Read(home * _cache.BlockSizeBytes, bytes.Length).SequenceEqual(bytes), $"block {home} after {where}");
        }

        private async ValueTask DoTransactionAsync()
        {
            int count = _random.Next(1, 13);
            Handle handle = await _journal.StartAsync(count, "random");
            for (int i = 0; i < count; i++)
                Change(handle, _live[_random.Next(_live.Count)]);
            if (_random.Next(12) == 0 && _live.Count > 10)
                Free(handle, _live[_random.Next(_live.Count)]);
            Last = handle.Transaction;
            await handle.StopAsync();
            if (_random.Next(10) == 0)
                await _cache.WriteBackAsync();
            await _journal.CommitAsync(Last);
            _machine.Clock.Advance(1_000_000_000);
        }

        private void Change(Handle handle, long home)
        {
            var bytes = new byte[_cache.BlockSizeBytes];
            _random.NextBytes(bytes);
            if (_random.Next(4) == 0)
                BinaryPrimitives.WriteUInt32BigEndian(bytes, 0xC03B3998);
            bytes.CopyTo(handle.GetWriteAccess(_cache.Get(home)));
            handle.Dirty(_cache.Get(home));
            _meant[home] = bytes;
        }

        private void Free(Handle handle, long home)
        {
            _live.Remove(home);
            handle.Revoke(home, 1);
            byte[] data = [.. Enumerable.Repeat((byte)0xDA, _cache.BlockSizeBytes)];
            _meant[home] = data;
            handle.OnCommitted(() => _disk.Storage.Write(home * data.Length, data));
        }

        private void SetNeedsRecovery(bool isNeeded)
        {
            const uint needsRecovery = 0x4, metadataChecksum = 0x400;
            byte[] bytes = _disk.Storage.Read(1024, SuperBlock.SizeBytes).ToArray();
            ref SuperBlock superBlock = ref System.Runtime.InteropServices.MemoryMarshal.AsRef<SuperBlock>(bytes.AsSpan());
            uint others = superBlock.FeatureIncompat.Value & ~needsRecovery;
            superBlock.FeatureIncompat = isNeeded ? others | needsRecovery : others;
            if ((superBlock.FeatureReadOnlyCompat.Value & metadataChecksum) != 0)
                Ext4Checksums.SuperBlock(0).Store(bytes, 0);
            _disk.Storage.Write(1024, bytes);
        }
    }
}
