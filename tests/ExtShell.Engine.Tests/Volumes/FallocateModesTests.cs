using ExtShell.Engine.IO;
using ExtShell.Engine.Mapping;
using ExtShell.Engine.Volumes;
using ExtShell.Format.Errors;
using ExtShell.TestTools;

namespace ExtShell.Engine.Tests.Volumes;

public sealed class FallocateModesTests
{
    private const int Block = 4096;

    [Fact]
    public void PunchFreesWholeBlocksAndZeroesTheirNeighbours()
    {
        using var host = new TestVolume();
        using FileHandle file = FileOf(host, 6, out byte[] bytes);
        file.Fallocate(Block + 100, (3 * Block) + 50, FallocateMode.PunchHole);
        bytes.AsSpan(Block + 100, (3 * Block) + 50).Clear();
        Assert.Equal(bytes, file.ReadBuffered(0, bytes.Length));
        Assert.Equal(bytes, file.ReadDirect(0, bytes.Length));
        Assert.Equal([(0u, 2, MappingState.Written), (4u, 2, MappingState.Written)], Runs(file));
    }

    [Fact]
    public void PunchKeepsWhatIsReservedPastTheEnd()
    {
        using var host = new TestVolume();
        using FileHandle file = FileOf(host, 2, out _);
        file.Fallocate(0, 6 * Block, keepSize: true);
        file.Fallocate(Block, 4 * Block, FallocateMode.PunchHole);
        file.Fallocate(3 * Block, 4 * Block, FallocateMode.PunchHole);
        Assert.Equal([(0u, 1, MappingState.Written), (2u, 4, MappingState.Unwritten)], Runs(file));
        Assert.Equal(2 * Block, file.Stat().SizeBytes);
    }

    [Fact]
    public void ZeroRangeMakesBlocksUnwrittenAndExtends()
    {
        using var host = new TestVolume();
        using FileHandle file = FileOf(host, 3, out byte[] bytes);
        file.Fallocate(Block - 10, (4 * Block) + 20, FallocateMode.ZeroRange);
        Assert.Equal((5 * Block) + 10, file.Stat().SizeBytes);
        Assert.Equal([(0u, 1, MappingState.Written), (1u, 5, MappingState.Unwritten)], Runs(file));
        Array.Resize(ref bytes, (5 * Block) + 10);
        bytes.AsSpan(Block - 10).Clear();
        Assert.Equal(bytes, file.ReadBuffered(0, bytes.Length));
        file.Fallocate(0, 8 * Block, FallocateMode.ZeroRange, keepSize: true);
        Assert.Equal((5 * Block) + 10, file.Stat().SizeBytes);
        Assert.Equal([(0u, 8, MappingState.Unwritten)], Runs(file));
    }

    [Fact]
    public void CollapseMovesWhatFollowsAndInsertMovesItBack()
    {
        using var host = new TestVolume();
        using FileHandle file = FileOf(host, 8, out byte[] bytes);
        file.Fallocate(2 * Block, 3 * Block, FallocateMode.CollapseRange);
        Assert.Equal([.. bytes[..(2 * Block)], .. bytes[(5 * Block)..]], file.ReadBuffered(0, bytes.Length));
        file.Fallocate(2 * Block, 3 * Block, FallocateMode.InsertRange);
        bytes.AsSpan(2 * Block, 3 * Block).Clear();
        Assert.Equal(bytes, file.ReadDirect(0, bytes.Length));
        host.Volume.Sync();
        host.Crash();
        using FileHandle again = host.Volume.Open("f");
        Assert.Equal(bytes, again.ReadBuffered(0, bytes.Length));
    }

    [RequiresToolFact("e2fsck")]
    public void ShiftsOfManyExtentsGoThroughAllLeaves()
    {
        using var host = new TestVolume();
        using FileHandle file = host.Volume.Create("f");
        const int count = 1500;
        for (int i = 0; i < count; i++)
            file.WriteDirect(i * 2L * Block, Enumerable.Repeat((byte)(1 + (i % 250)), Block).ToArray());
        file.Fallocate(2 * Block, 2 * Block, FallocateMode.CollapseRange);
        file.Fallocate(Block, 7 * Block, FallocateMode.InsertRange);
        Assert.Equal(((count * 2) - 1 - 2 + 7) * (long)Block, file.Stat().SizeBytes);
        for (int i = 2; i < count; i++)
            Assert.Equal(1 + (i % 250), file.ReadDirect(((i * 2L) - 2 + 7) * Block, Block)[17]);
        host.Volume.Unmount();
        (int exitCode, string output) = host.Check();
        Assert.True(exitCode == 0, output);
    }

    [Theory]
    [InlineData(FallocateMode.CollapseRange, 1, Block, Errno.EINVAL)]
    [InlineData(FallocateMode.CollapseRange, 0, 100, Errno.EINVAL)]
    [InlineData(FallocateMode.CollapseRange, 2 * Block, 2 * Block, Errno.EINVAL)]
    [InlineData(FallocateMode.CollapseRange, 8 * Block, Block, Errno.EINVAL)]
    [InlineData(FallocateMode.InsertRange, 512, Block, Errno.EINVAL)]
    [InlineData(FallocateMode.InsertRange, 4 * Block, Block, Errno.EINVAL)]
    [InlineData(FallocateMode.InsertRange, 0, (1L << 44) - (2 * Block), Errno.EFBIG)]
    [InlineData(FallocateMode.PunchHole, -1, Block, Errno.EINVAL)]
    [InlineData(FallocateMode.ZeroRange, 0, 0, Errno.EINVAL)]
    public void RefusesWhatLinuxRefuses(FallocateMode mode, long offset, long length, Errno expected)
    {
        using var host = new TestVolume();
        using FileHandle file = FileOf(host, 4, out byte[] bytes);
        Assert.Equal(expected, Assert.Throws<FileSystemException>(() => file.Fallocate(offset, length, mode)).Errno);
        Assert.Equal(bytes, file.ReadBuffered(0, bytes.Length));
    }

    /// <summary>
    /// Readers hold no inode lock: what they cache beside a punch must not outlive it, and blocks that others got must not show.
    /// </summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public void ReadersBesideAPunchSeeTheFileBeforeOrAfter(int seed)
    {
        var host = new TestVolume(16 << 20, strategy: new RandomSchedule(seed));
        byte[] bytes = TestVolume.Bytes(seed, 8 * Block);
        host.Machine.Run(async () =>
        {
            FileHandle file = await host.Volume.CreateAsync("f");
            FileHandle other = await host.Volume.CreateAsync("g");
            await file.WriteDirectAsync(0, bytes);
            int running = 3;
            host.Machine.Spawn("punch", async () =>
            {
                await file.FallocateAsync(2 * Block, 4 * Block, FallocateMode.PunchHole);
                await host.Volume.SyncAsync();
                running--;
            });
            host.Machine.Spawn("reuse", async () =>
            {
                for (int i = 0; i < 4; i++)
                    await other.WriteDirectAsync(i * 4 * Block, new byte[4 * Block]);
                running--;
            });
            host.Machine.Spawn("read", async () =>
            {
                for (int i = 0; i < 6; i++)
                    AssertOldOrZero(bytes, await ReadAsync(file));
                running--;
            });
            while (running > 0)
                await host.Machine.Yield("waiting for callers");
            byte[] now = await ReadAsync(file);
            Assert.Equal(-1, now.AsSpan(2 * Block, 4 * Block).IndexOfAnyExcept((byte)0));
            await file.CloseAsync();
            await other.CloseAsync();
        });
    }

    public static TheoryData<int> Seeds() =>
        [.. Enumerable.Range(1, Environment.GetEnvironmentVariable("EXTSHELL_FULL") == "1" ? 2000 : 100)];

    private static async ValueTask<byte[]> ReadAsync(FileHandle file)
    {
        var read = new byte[8 * Block];
        Assert.Equal(read.Length, await file.ReadBufferedAsync(0, read));
        return read;
    }

    private static void AssertOldOrZero(byte[] old, byte[] read)
    {
        for (int at = 0; at < read.Length; at += Block)
        {
            Span<byte> block = read.AsSpan(at, Block);
            bool isOld = block.SequenceEqual(old.AsSpan(at, Block));
            Assert.True(
                isOld || (at is >= 2 * Block and < 6 * Block && block.IndexOfAnyExcept((byte)0) < 0), $"the block at {at} is neither");
        }
    }

    private static FileHandle FileOf(TestVolume host, int blocks, out byte[] bytes)
    {
        bytes = TestVolume.Bytes(blocks, blocks * Block);
        FileHandle file = host.Volume.Create("f");
        file.WriteBuffered(0, bytes);
        file.Sync();
        return file;
    }

    private static (uint First, int Length, MappingState State)[] Runs(FileHandle file)
    {
        var runs = new List<(uint First, int Length, MappingState State)>();
        foreach (BlockMapping extent in file.GetExtents())
        {
            bool goesOn = runs.Count > 0 && runs[^1].First + runs[^1].Length == extent.LogicalBlock && runs[^1].State == extent.State;
            if (goesOn)
                runs[^1] = runs[^1] with { Length = runs[^1].Length + extent.LengthBlocks };
            else
                runs.Add((extent.LogicalBlock, extent.LengthBlocks, extent.State));
        }

        return [.. runs];
    }
}
