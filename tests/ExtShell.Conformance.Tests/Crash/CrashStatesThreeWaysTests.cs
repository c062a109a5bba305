using System.Globalization;
using System.Text.RegularExpressions;
using ExtShell.Check;
using ExtShell.Conformance.Tests.Kernel;
using ExtShell.Conformance.Tests.Trees;
using ExtShell.Engine.Devices;
using ExtShell.Engine.IO;
using ExtShell.Engine.Kernel;
using ExtShell.Engine.Tests.Volumes;
using ExtShell.Engine.Volumes;
using ExtShell.Format.Errors;
using ExtShell.Lab.Crash;
using ExtShell.TestTools;
using Xunit.Abstractions;

namespace ExtShell.Conformance.Tests.Crash;

/// <summary>
/// Sampled crash states of random workloads, by each protocol, on ext3 and ext4 and in each mode that has a journal, recovered by ExtShell,
/// by e2fsck and by the kernel: the same tree, byte for byte, and nothing to repair but the superblock's totals.
/// </summary>
/// <remarks>
/// 120 states, each of a cut with undecided cells; with <c>EXTSHELL_FULL=1</c> 2,000. A batch is one round through the kinds of workloads:
/// <c>--filter "FullyQualifiedName~CrashStatesThreeWays&amp;DisplayName~batch: 7)" --logger "console;verbosity=detailed"</c>.
/// </remarks>
public sealed partial class CrashStatesThreeWaysTests(ITestOutputHelper output)
{
    private static readonly bool IsFull = Environment.GetEnvironmentVariable("EXTSHELL_FULL") == "1";
    private static readonly int BatchCount = IsFull ? 20 : 5;
    private static readonly int StatesInBatch = IsFull ? 100 : 24;

    /// <summary>The batches: each has states of all kinds of workloads.</summary>
    public static TheoryData<int> Batches() => [.. Enumerable.Range(0, BatchCount)];

    [RequiresKernelMountTheory("e2fsck")]
    [MemberData(nameof(Batches))]
    public void ExtShell_e2fsck_and_the_kernel_recover_sampled_crash_states_to_the_same_tree(int batch)
    {
        using TemporaryFolder folder = TemporaryFolder.InMemory();
        var count = new Count();
        for (int i = 0; i < WorkloadMix.All.Count; i++)
        {
            int states = ((i + 1) * StatesInBatch / WorkloadMix.All.Count) - (i * StatesInBatch / WorkloadMix.All.Count);
            CompareStates((batch * WorkloadMix.All.Count) + i, states, folder, ref count);
        }

        output.WriteLine(count.ToString());
        Assert.Equal(StatesInBatch, count.States);
        Assert.Equal(count.States, count.Undecided);
        Assert.True(count.Replayed * 2 > count.States, count.ToString());
    }

    [Fact]
    public void The_workloads_go_through_all_protocols()
    {
        IEnumerable<string> protocols = Enumerable.Range(0, BatchCount * WorkloadMix.All.Count)
            .Select(static seed => CaseOf(seed).Options.Protocol);
        Assert.Equal(WriteProtocols.Names.Order(), protocols.Distinct().Order());
    }

    private static WorkloadCase CaseOf(int seed) => WorkloadCase.WithJournal[seed % WorkloadCase.WithJournal.Count];

    private static void CompareStates(int seed, int states, TemporaryFolder folder, ref Count count)
    {
        WorkloadCase one = CaseOf(seed);
        WorkloadMix mix = WorkloadMix.Of(seed);
        using TestVolume host = one.Make();
        WriteLog log = host.Disk.StartLog();
        mix.Start(1000 + seed, host).Run(60);
        foreach (PowerCut cut in Cuts(log, seed, states, host.Disk is PersistentMemory))
        {
            CrashState state = cut.Sample(seed + states);
            string name = $"seed {seed}: {mix.Name}, {one}, cut {state.Cut}";
            count.States++;
            count.Undecided += cut.UndecidedCount > 0 ? 1 : 0;
            count.Cells += cut.UndecidedCount;
            if (TryMount(state) is not { } volume)
            {
                count.Refused++;
                AssertRefused(state, folder, name);
                continue;
            }

            count.Replayed += volume.Recovery is { TransactionsReplayed: > 0 } ? 1 : 0;
            Compare(state, folder, one.Kind, name);
        }
    }

    /// <summary>
    /// Cuts at random with undecided cells; units are lines where the device is memory, else sectors or the cells of the default.
    /// </summary>
    private static IEnumerable<PowerCut> Cuts(WriteLog log, int seed, int states, bool isMemory)
    {
        var random = new Random(seed);
        while (states > 0)
        {
            var model = new DeviceModel(isMemory ? PersistentMemory.LineBytes : random.Next(3) == 0 ? 512 : 4096);
            PowerCut cut = PowerCut.At(log, model, random.Next(log.Position + 1));
            if (cut.UndecidedCount == 0)
                continue;
            states--;
            yield return cut;
        }
    }

    private static void Compare(CrashState state, TemporaryFolder folder, VolumeKind kind, string name)
    {
        IStorage recovered = state.ToStorage();
        var machine = new Machine();
        Volume.Mount(machine, new SimulatedDisk(machine, recovered, default)).Unmount();
        var source = new StorageSource(recovered);
        CheckReport report = ImageChecker.Check(source);
        Assert.True(report.IsClean, $"{name}: {string.Join('\n', report.Findings)}");
        FileTree ours = CheckedTree.Read(source);

        string image = folder.File("crash");
        Write(state, image);
        using (LoopMount mount = LoopMount.Of(image))
            FileTree.AssertSame(ours, KernelTree.Read(mount.Folder, blockSizeBytes: kind.BlockSizeBytes), $"the kernel after {name}");
        AssertSilent(image, $"{name}, recovered by the kernel");

        Write(state, image);
        ToolResult repair = ExternalTool.Run("e2fsck", "-fy", image);
        Assert.True(repair.ExitCode is 0 or 1, $"{name}: e2fsck -fy: exit {repair.ExitCode}\n{repair.Output}{repair.Errors}");
        Assert.DoesNotMatch(RealRepair(), repair.Output);
        AssertSilent(image, $"{name}, recovered by e2fsck");
        using ImageFile file = ImageFile.Open(image, isReadOnly: true);
        FileTree.AssertSame(ours, CheckedTree.Read(new StorageSource(file)), $"e2fsck after {name}");
    }

    /// <summary>What e2fsck says when it corrects more than the superblock's totals.</summary>
    [GeneratedRegex("bitmap differences|UNEXPECTED INCONSISTENCY|Unattached|Connect to|i_size is|i_blocks is|checksum|"
        + "count wrong for group|ref count is")]
    private static partial Regex RealRepair();

    private static void AssertSilent(string image, string name)
    {
        ToolResult check = ExternalTool.Run("e2fsck", "-fn", image);
        Assert.True(check.ExitCode == 0,
            string.Create(CultureInfo.InvariantCulture, $"{name}: e2fsck -fn: exit {check.ExitCode}\n{check.Output}{check.Errors}"));
    }

    /// <summary>The volume, mounted; null where it is refused: with 512-byte units a superblock can be torn.</summary>
    private static Volume? TryMount(CrashState state)
    {
        var machine = new Machine();
        try
        {
            return Volume.Mount(machine, new SimulatedDisk(machine, state.ToStorage(), default));
        }
        catch (CorruptionException refusal) when (refusal.Field == "s_checksum")
        {
            return null;
        }
    }

    private static void AssertRefused(CrashState state, TemporaryFolder folder, string name)
    {
        string image = folder.File("refused");
        Write(state, image);
        using LoopMount mount = LoopMount.Attach(image);
        Assert.True(ExternalTool.Run("mount", "-t", "ext4", mount.Device, mount.Folder).ExitCode != 0,
            $"{name}: the kernel mounts what ExtShell refuses");
    }

    private static void Write(CrashState state, string image)
    {
        IStorage storage = state.ToStorage();
        var bytes = new byte[storage.LengthBytes];
        storage.Read(0, bytes);
        File.WriteAllBytes(image, bytes);
    }

    private record struct Count(int States, int Undecided, long Cells, int Replayed, int Refused)
    {
        public override readonly string ToString() =>
            $"{States} crash states; {Undecided} of cuts with undecided cells, {Cells} of them; {Replayed} had transactions to replay, "
                + $"{Refused} have a torn superblock that ExtShell and the kernel refuse; the recoveries agree on each";
    }
}
