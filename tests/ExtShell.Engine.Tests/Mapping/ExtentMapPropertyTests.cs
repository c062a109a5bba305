using ExtShell.Engine.Allocation;
using ExtShell.Engine.Mapping;
using ExtShell.Engine.Tests.Allocation;
using ExtShell.Format.Errors;

namespace ExtShell.Engine.Tests.Mapping;

/// <summary>Random operations on two files of one volume, against a model that knows blocks only.</summary>
public class ExtentMapPropertyTests
{
    [Theory]
    [InlineData(1, 1024, 1500, 300, "^has_journal")]
    [InlineData(2, 1024, 1500, 4000, "^has_journal")]
    [InlineData(3, 1024, 1500, 60, "^has_journal")]
    [InlineData(4, 2048, 1000, 2000, "^has_journal")]
    [InlineData(5, 4096, 1000, 2000, "^has_journal")]
    [InlineData(6, 1024, 1000, 2000, "^has_journal,^metadata_csum,uninit_bg")]
    [InlineData(7, 1024, 1000, 2000, "^has_journal,^metadata_csum,^64bit,^flex_bg")]
    public void Random_changes_leave_the_tree_equal_to_the_model_and_the_bitmaps_equal_to_the_claims(
        int seed, int blockSizeBytes, int steps, int spanBlocks, string features)
    {
        var volume = new TestVolume(12L << 20, TestVolume.Small(blockSizeBytes, features));
        new Run(volume, seed, (uint)spanBlocks).Go(steps);
    }

    [Fact]
    public void A_volume_that_is_full_most_of_the_time_refuses_and_stays_sound()
    {
        var volume = new TestVolume(2L << 20, TestVolume.Small());
        var run = new Run(volume, seed: 8, spanBlocks: 3000) { MostBlocks = 600, RemovalsInHundred = 12 };
        run.Go(600);
        Assert.True(run.Refused > 20, $"{run.Refused} operations met a full volume");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_tree_grows_to_depth_three_one_block_at_a_time_and_shrinks_to_nothing(bool ascending)
    {
        int extents = ascending ? 30000 : 9500;
        var volume = new TestVolume(64L << 20, TestVolume.Small());
        HashSet<long> before = volume.TakenBlocks();
        var file = new MappedFile(volume);
        var model = new MapModel();
        for (int i = 0; i < extents; i++)
        {
            uint logical = 2 * (uint)(ascending ? i : extents - 1 - i);
            volume.Do(handle => model.Set(file.Map.Allocate(handle, logical, 1, MappingState.Written)), file.Map.CreditsToMap(1));
            if (i % 500 == 0)
                volume.Journal.Commit();
        }

        var nodes = new List<long>();
        model.CheckEqual(file.WalkTree(nodes));
        Assert.Equal(3, file.Map.Depth);
        if (ascending) // full leaves: written in order, nodes split behind their last entry
            Assert.InRange(nodes.Count, 0, (extents / 83) + (extents / 83 / 83) + 4);
        volume.CheckGroups();

        var random = new Random(9);
        uint[] order = [.. Enumerable.Range(0, extents / 50).Select(i => (uint)i * 100)];
        random.Shuffle(order);
        int depth = 3;
        foreach (uint from in order)
        {
            RemoveAll(volume, file, from, from + 100);
            Assert.True(file.Map.Depth <= depth);
            depth = file.Map.Depth;
        }

        Assert.Empty(file.WalkTree([]));
        Assert.Equal((0, 0L), (file.Map.Depth, file.Blocks));
        Assert.Equal(before, volume.TakenBlocks());
        volume.CheckGroups();
    }

    internal static void RemoveAll(TestVolume volume, MappedFile file, uint from, uint toExclusive)
    {
        for (bool isDone = false; !isDone;)
        {
            isDone = volume.Do(handle => file.Map.Remove(handle, from, toExclusive), file.Map.CreditsToRemove());
            volume.Journal.Commit();
        }
    }

    private sealed class Run
    {
        private readonly TestVolume _volume;
        private readonly Random _random;
        private readonly uint _spanBlocks;
        private readonly HashSet<long> _takenByOthers;
        private readonly MappedFile[] _files;
        private readonly MapModel[] _models = [new(), new()];
        private readonly HashSet<long> _freed = [];

        public Run(TestVolume volume, int seed, uint spanBlocks)
        {
            _volume = volume;
            _random = new Random(seed);
            _spanBlocks = spanBlocks;
            _takenByOthers = volume.TakenBlocks();
            _files = [new MappedFile(volume, 20), new MappedFile(volume, 21) { ContentUse = BlockUse.Metadata }];
            volume.Journal.AtCommit = _freed.Clear;
        }

        public int MostBlocks { get; init; } = 12;

        public int RemovalsInHundred { get; init; } = 20;

        public int Refused { get; private set; }

        public void Go(int steps)
        {
            for (int step = 0; step < steps; step++)
            {
                int which = _random.Next(2);
                HashSet<long> before = [.. Claims()];
                try
                {
                    Change(_files[which], _models[which]);
                }
                catch (FileSystemException refused) when (refused.Errno == Errno.ENOSPC)
                {
                    Refused++;
                }

                CheckFiles();
                _freed.UnionWith(before.Except(Claims()));
                if (_random.Next(4) == 0)
                    _volume.Journal.Commit();
                if (_random.Next(50) == 0)
                    _files[which].Reopen();
                if (step % 25 == 0)
                    CheckVolume();
            }

            CheckVolume();
            foreach (MappedFile file in _files)
                RemoveAll(_volume, file, 0, uint.MaxValue);
            Assert.Equal(_takenByOthers, _volume.TakenBlocks());
            _volume.CheckGroups();
        }

        private IEnumerable<long> Claims()
        {
            foreach (MappedFile file in _files)
            {
                var nodes = new List<long>();
                foreach (BlockMapping mapping in file.WalkTree(nodes))
                {
                    for (int i = 0; i < mapping.LengthBlocks; i++)
                        yield return mapping.PhysicalBlock + i;
                }

                foreach (long node in nodes)
                    yield return node;
            }
        }

        private void Change(MappedFile file, MapModel model)
        {
            uint from = (uint)_random.Next((int)_spanBlocks);
            int length = 1 + _random.Next(_random.Next(8) == 0 ? MostBlocks * 8 : MostBlocks);
            int kind = _random.Next(100);
            if (kind < RemovalsInHundred)
                Remove(file, model, from, length);
            else if (kind < RemovalsInHundred + 20)
                Convert(file, model, from, length);
            else if (kind < RemovalsInHundred + 30)
                _volume.Do(handle => file.Map.SplitAt(handle, from, length), file.Map.CreditsToConvert(length));
            else
                Allocate(file, model, from, length);
        }

        private void Allocate(MappedFile file, MapModel model, uint from, int length)
        {
            if (model.TryGet(from, out _))
                return;
            MappingState state = _random.Next(2) == 0 ? MappingState.Written : MappingState.Unwritten;
            HashSet<long> freed = [.. _freed];
            BlockMapping got = _volume.Do(handle => file.Map.Allocate(handle, from, length, state), file.Map.CreditsToMap(length));
            Assert.Equal((from, state), (got.LogicalBlock, got.State));
            Assert.InRange(got.LengthBlocks, 1, length);
            for (int i = 0; i < got.LengthBlocks; i++)
            {
                Assert.False(model.TryGet(from + (uint)i, out _), "only holes are filled");
                Assert.DoesNotContain(got.PhysicalBlock + i, freed);
            }

            model.Set(got);
        }

        private void Convert(MappedFile file, MapModel model, uint from, int length)
        {
            bool isMapped = model.TryGet(from, out (long Physical, MappingState State) block);
            BlockMapping got = _volume.Do(handle => file.Map.ConvertToWritten(handle, from, length), file.Map.CreditsToConvert(length));
            Assert.Equal(isMapped ? MappingState.Written : MappingState.Hole, got.State);
            if (isMapped && block.State == MappingState.Unwritten)
                model.Set(got);
        }

        private void Remove(MappedFile file, MapModel model, uint from, int length)
        {
            uint to = _random.Next(40) == 0 ? uint.MaxValue : from + (uint)length;
            for (bool isDone = false; !isDone;)
            {
                isDone = _volume.Do(handle => file.Map.Remove(handle, from, to), file.Map.CreditsToRemove() + _random.Next(3));
                file.WalkTree([]);
                if (!isDone)
                    _volume.Journal.Commit();
            }

            model.Remove(from, to);
        }

        private void CheckFiles()
        {
            for (int i = 0; i < _files.Length; i++)
            {
                MappedFile file = _files[i];
                var nodes = new List<long>();
                List<BlockMapping> tree = file.WalkTree(nodes);
                _models[i].CheckEqual(tree);
                Assert.Equal(_models[i].Count + nodes.Count, file.Blocks);
                Assert.True(file.IsStored, "a changed inode is stored");
                Assert.Equal(tree, file.Map.Enumerate());
                CheckLookup(file.Map, _models[i]);
            }
        }

        private void CheckLookup(ExtentMap map, MapModel model)
        {
            uint at = (uint)_random.Next((int)_spanBlocks);
            BlockMapping found = map.Lookup(at, 50);
            Assert.InRange(found.LengthBlocks, 1, 50);
            for (int i = 0; i < found.LengthBlocks; i++)
            {
                bool isMapped = model.TryGet(at + (uint)i, out (long Physical, MappingState State) block);
                Assert.Equal(isMapped ? (block.Physical, block.State) : (found.IsMapped ? -1 : i, MappingState.Hole),
                    (found.PhysicalBlock + i, found.State));
            }

            if (!found.IsMapped && found.LengthBlocks < 50)
                Assert.True(model.TryGet((uint)found.EndLogicalBlock, out _), "a hole ends where something is mapped");
        }

        private void CheckVolume()
        {
            _volume.CheckGroups();
            long[] claims = [.. Claims()];
            HashSet<long> all = [.. _takenByOthers, .. claims];
            Assert.Equal(_takenByOthers.Count + claims.Length, all.Count);
            Assert.Equal(all, _volume.TakenBlocks());
        }
    }
}
