using System.Buffers.Binary;
using System.Numerics;
using ExtShell.Engine.Devices;
using ExtShell.Engine.Kernel;
using ExtShell.Format.Checksums;
using ExtShell.Lab.Crash;
using ExtShell.Lab.Durability;

namespace ExtShell.Lab.Tests.Crash;

/// <summary>Leaves whose cells are tied by a sum that does not match: what is possible of them, and when.</summary>
public class RecoveredStateTests
{
    [Fact]
    public void AMismatchIsPossibleOnlyFromTheCutAtWhichSomeMixtureIs()
    {
        Epoch epoch = BlockThatIsReplaced();
        var seen = new List<(bool Matches, CutRange Cuts, bool HasFirst, bool HasEarlier)>();
        ForEachLeaf(epoch, (state, matches) => seen.Add((
            matches, state.Cuts, state.StateAt(state.Cuts.First) is { } first && state.Constraints.Contains([.. first.Versions]),
            state.StateAt(0) is not null)));

        Assert.Equal(
            [(true, new CutRange(0, 2), true, true), (true, new CutRange(1, 2), true, false), (false, new CutRange(1, 2), true, false)],
            seen);
    }

    [Fact]
    public void AVersionOfATiedCellIsPossibleOnlyWhereALeafWithItIs()
    {
        Epoch epoch = BlockThatIsReplaced();
        ForEachLeaf(epoch, (state, matches) =>
        {
            if (matches)
                return;
            var contents = new List<ContentVersion>();
            Assert.Equal(512, state.Content(0, 4096, contents));
            Assert.Equal([1, 1], contents.ConvertAll(content => content.PossibleFrom));
            foreach (ContentVersion content in contents)
                Assert.Equal(content.Version, state.StateAt(1, new CellChoice(0, content.Version))!.Versions[0]);
        });
    }

    [Fact]
    public void ALeafThatShowsTheSameTwiceIsCountedOnce()
    {
        var report = new CrashReport(new DeviceModel());
        ForEachLeaf(BlockThatIsReplaced(), (state, _) =>
        {
            report.Add(new OutcomeKey(MountOutcome.Mounted, "", default, "", ""), state.Weight, state.Cuts);
            for (int version = 0; version < 2; version++)
                report.Add(new Violation(ViolationKind.LostData, 4, "its bytes survive", $"version {version}", state.Cuts), state,
                    state.Weight);
        });

        CrashFinding finding = Assert.Single(report.Findings);
        Assert.Equal((3L, (BigInteger)256), (finding.Leaves, finding.States));
    }

    [Fact]
    public void TheNewestStateHoldsWhatWasWrittenLastThoughItWasThereBefore()
    {
        var machine = new Machine();
        var disk = new SimulatedDisk(machine, new PagedMemory(4096), new DeviceTraits());
        WriteLog log = disk.StartLog();
        foreach (byte value in new byte[] { 1, 2, 1 })
        {
            disk.Submit(new Bio(machine).SetWrite(0, Filled(value), default));
            machine.FireNow(disk, 0);
        }

        Assert.Equal(1, PowerCut.At(log, new DeviceModel()).Newest().ToStorage().Read(0, 1)[0]);
        Assert.Equal(2, PowerCut.At(log, new DeviceModel(), 4).Newest().ToStorage().Read(0, 1)[0]);
        Assert.Equal(0, PowerCut.At(log, new DeviceModel(), 0).Newest().ToStorage().Read(0, 1)[0]);
    }

    private static byte[] Filled(byte value)
    {
        var bytes = new byte[4096];
        bytes.AsSpan().Fill(value);
        return bytes;
    }

    /// <summary>A block with its sum is replaced by another one; torn, it is eight units of two versions each.</summary>
    private static Epoch BlockThatIsReplaced()
    {
        var machine = new Machine();
        var storage = new PagedMemory(4096);
        storage.Write(0, Summed(1));
        var disk = new SimulatedDisk(machine, storage, new DeviceTraits());
        WriteLog log = disk.StartLog();
        disk.Submit(new Bio(machine).SetWrite(0, Summed(2), default));
        machine.FireNow(disk, 0);
        return Assert.Single(new EpochReader(log, new DeviceModel(512)).Read());
    }

    private static byte[] Summed(int seed)
    {
        var block = new byte[4096];
        new Random(seed).NextBytes(block);
        BinaryPrimitives.WriteUInt32LittleEndian(block.AsSpan(4092), Crc32C.Update(5, block.AsSpan(0, 4092)));
        return block;
    }

    private static void ForEachLeaf(Epoch epoch, Action<RecoveredState, bool> visit)
    {
        var path = new ChoicePath();
        var image = new UndecidedImage(epoch, path);
        var rule = new ChecksumRule(ChecksumKind.Crc32C, 5, new StoredBits(4092, 4, 0, false));
        rule.AddImage(0, 4092);
        do
        {
            path.Restart();
            image.Restart(path);
            visit(new RecoveredState(image), image.TryReadVerified(0, 4096, rule, out _));
        }
        while (path.Advance());
    }
}
