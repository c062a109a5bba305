using ExtShell.Engine.Allocation;
using ExtShell.Engine.Mapping;
using ExtShell.Engine.Tests.Allocation;
using ExtShell.Format.Errors;

namespace ExtShell.Engine.Tests.Mapping;

/// <summary>
/// Random operations on two block maps of one volume, around the ends of every level, against a model that knows blocks only.
/// </summary>
public class IndirectMapPropertyTests
{
    private const string Features = "^has_journal,^extent,^64bit";

    [Theory]
    [InlineData(1, 1024, 1500, 12, Features)]
    [InlineData(2, 1024, 1500, 300, Features)]
    [InlineData(3, 1024, 1000, 12, Features + ",^flex_bg,^metadata_csum")]
    [InlineData(4, 2048, 1000, 40, Features)]
    [InlineData(5, 4096, 700, 40, Features)]
    public void Random_changes_leave_the_map_equal_to_the_model_and_the_bitmaps_equal_to_the_claims(
        int seed, int blockSizeBytes, int steps, int mostBlocks, string features)
    {
        var volume = new TestVolume(24L << 20, TestVolume.Small(blockSizeBytes, features));
        new Run(volume, seed, mostBlocks).Go(steps);
    }

    [Fact]
    public void A_volume_that_is_full_most_of_the_time_refuses_and_stays_sound()
    {
        var volume = new TestVolume(2L << 20, TestVolume.Small(features: Features));
        var run = new Run(volume, 6, mostBlocks: 300) { RemovalsInHundred = 15 };
        run.Go(700);
        Assert.True(run.Refused > 20, $"{run.Refused} operations met a full volume");
    }

    private sealed class Run
    {
        private readonly TestVolume _volume;
        private readonly Random _random;
        private readonly int _mostBlocks;
        private readonly HashSet<long> _takenByOthers;
        private readonly IndirectFile[] _files;
        private readonly MapModel[] _models = [new(), new()];
        private readonly uint[] _levelEnds;

        public Run(TestVolume volume, int seed, int mostBlocks)
        {
            (_volume, _random, _mostBlocks) = (volume, new Random(seed), mostBlocks);
            _takenByOthers = volume.TakenBlocks();
            _files = [new IndirectFile(volume, 20), new IndirectFile(volume, 21) { ContentUse = BlockUse.Metadata }];
            uint n = (uint)volume.Geometry.BlockSizeBytes / 4;
            _levelEnds = [0, 12, 12 + n, 12 + (2 * n), 12 + n + (n * n), 12 + n + (n * n) + n, 12 + n + (2 * n * n),
                12 + n + (n * n) + (n * n * n)];
        }

        public int RemovalsInHundred { get; init; } = 30;

        public int Refused { get; private set; }

        public void Go(int steps)
        {
            for (int step = 0; step < steps; step++)
            {
                int which = _random.Next(2);
                try
                {
                    Change(_files[which], _models[which]);
                }
                catch (FileSystemException refused) when (refused.Errno is Errno.ENOSPC or Errno.EFBIG)
                {
                    Refused += refused.Errno == Errno.ENOSPC ? 1 : 0;
                }

                CheckFile(_files[which], _models[which]);
                if (_random.Next(4) == 0)
                    _volume.Journal.Commit();
                if (_random.Next(50) == 0)
                    _files[which].Reopen();
                if (step % 25 == 0)
                    CheckVolume();
            }

            CheckVolume();
            for (int i = 0; i < 2; i++)
                Remove(_files[i], _models[i], 0, uint.MaxValue);
            _volume.Journal.Commit();
            Assert.Equal(_takenByOthers, _volume.TakenBlocks());
            _volume.CheckGroups();
        }

        private void Change(IndirectFile file, MapModel model)
        {
            int length = 1 + _random.Next(_mostBlocks);
            uint from = (uint)Math.Max(0, _levelEnds[_random.Next(_levelEnds.Length)] + _random.Next(_mostBlocks * 2) - (long)_mostBlocks);
            if (_random.Next(100) >= RemovalsInHundred)
                Allocate(file, model, from, length);
            else if (_random.Next(15) == 0)
                Remove(file, model, from, uint.MaxValue);
            else if (_random.Next(4) == 0)
                Remove(file, model, from, Math.Max(from, _levelEnds[_random.Next(_levelEnds.Length)]));
            else
                Remove(file, model, from, from + (uint)length);
        }

        private void Allocate(IndirectFile file, MapModel model, uint from, int length)
        {
            if (model.TryGet(from, out _))
                return;
            BlockMapping got = _volume.Do(
                handle => file.Map.Allocate(handle, from, length, MappingState.Written), file.Map.CreditsToMap(length));
            Assert.Equal((from, MappingState.Written), (got.LogicalBlock, got.State));
            Assert.InRange(got.LengthBlocks, 1, length);
            for (int i = 0; i < got.LengthBlocks; i++)
                Assert.False(model.TryGet(from + (uint)i, out _), "only holes are filled");
            model.Set(got);
        }

        private void Remove(IndirectFile file, MapModel model, uint from, uint toExclusive)
        {
            int steps = 0;
            for (bool isDone = false; !isDone; steps++)
            {
                isDone = _volume.Do(handle => file.Map.Remove(handle, from, toExclusive), file.Map.CreditsToRemove() + _random.Next(3));
                file.WalkTree([]);
                if (!isDone)
                    _volume.Journal.Commit();
            }

            model.Remove(from, toExclusive);
            Assert.InRange(steps, 1, 10000);
        }

        private void CheckFile(IndirectFile file, MapModel model)
        {
            var nodes = new List<long>();
            model.CheckEqual(file.WalkTree(nodes));
            Assert.Equal(model.Count + nodes.Count, file.Blocks);
            Assert.True(file.IsStored, "a changed inode is stored");
            model.CheckEqual(file.Map.Enumerate());
            uint at = (uint)Math.Max(0, _levelEnds[_random.Next(_levelEnds.Length)] + _random.Next(_mostBlocks * 2) - (long)_mostBlocks);
            BlockMapping found = file.Map.Lookup(at, 50);
            Assert.InRange(found.LengthBlocks, 1, 50);
            for (int i = 0; i < found.LengthBlocks; i++)
            {
                bool isMapped = model.TryGet(at + (uint)i, out (long Physical, MappingState State) block);
                Assert.Equal(isMapped ? (block.Physical, block.State) : (found.IsMapped ? -1 : i, MappingState.Hole),
                    (found.PhysicalBlock + i, found.State));
            }
        }

        private void CheckVolume()
        {
            _volume.CheckGroups();
            var claims = new List<long>();
            foreach (IndirectFile file in _files)
                claims.AddRange(file.WalkTree(claims).Select(one => one.PhysicalBlock));
            HashSet<long> all = [.. _takenByOthers, .. claims];
            Assert.Equal(_takenByOthers.Count + claims.Count, all.Count);
            Assert.Equal(all, _volume.TakenBlocks());
        }
    }
}
