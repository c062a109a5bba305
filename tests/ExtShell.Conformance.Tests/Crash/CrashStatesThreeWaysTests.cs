using System.Globalization;
using System.Text.RegularExpressions;
using ExtShell.Check;
using ExtShell.Conformance.Tests.Kernel;
using ExtShell.Conformance.Tests.Trees;
using ExtShell.Engine.Devices;
using ExtShell.Engine.Kernel;
using ExtShell.Engine.Tests.Volumes;
using ExtShell.Engine.Volumes;
using ExtShell.Engine.Volumes.Making;
using ExtShell.Format.Errors;
using ExtShell.Lab.Crash;
using ExtShell.TestTools;
using Xunit.Abstractions;

namespace ExtShell.Conformance.Tests.Crash;

/// <summary>
/// Sampled crash states of random workloads, on ext3 and ext4 and in each journal mode, recovered by ExtShell, by e2fsck and by the kernel:
/// the same tree, byte for byte, and nothing to repair but the superblock's totals.
/// </summary>
/// <remarks>
/// <c>EXTSHELL_FULL=1 dotnet test tests/ExtShell.Conformance.Tests --filter CrashStatesThreeWays --logger "console;verbosity=detailed"</c> takes 500 states; otherwise
/// 120. Every state has undecided cells at its cut.
/// </remarks>
public sealed partial class CrashStatesThreeWaysTests(ITestOutputHelper output)
{
    private const int StatesOfWorkload = 10;
    private static readonly int Workloads = Environment.GetEnvironmentVariable("EXTSHELL_FULL") == "1" ? 50 : 12;

    [RequiresKernelMountFact("e2fsck")]
    public void ExtShell_e2fsck_and_the_kernel_recover_sampled_crash_states_to_the_same_tree()
    {
        using TemporaryFolder folder = TemporaryFolder.InMemory();
        int states = 0;
        int replayed = 0;
        int refused = 0;
        for (int seed = 0; seed < Workloads; seed++)
        {
            (VolumeKind kind, JournalMode mode) = CaseOf(seed);
            using TestVolume host = kind.Make(new MountOptions { Journal = mode });
            WriteLog log = host.Disk.StartLog();
            new RandomWorkload(1000 + seed, host).Run(60);
            foreach (CrashState state in Sample(log, seed))
            {
                states++;
                string name = $"seed {seed}, {kind.Type} of {kind.BlockSizeBytes}, data={mode}, cut {state.Cut}";
                if (TryMount(state) is not { } volume)
                {
                    refused++;
                    AssertRefused(state, folder, name);
                    continue;
                }

                replayed += volume.Recovery is { TransactionsReplayed: > 0 } ? 1 : 0;
                Compare(state, folder, kind, name);
            }
        }

        output.WriteLine(FormattableString.Invariant($"{states} crash states of {Workloads} workloads; {replayed} had transactions to replay, {refused} have a torn superblock that ExtShell and the kernel refuse; the recoveries agree on each"));
        Assert.Equal(Workloads * StatesOfWorkload, states);
        Assert.True(replayed * 2 > states, $"{replayed} of {states} had transactions to replay");
    }

    /// <summary>Every other workload is on the volume that is made by default; the others go through types, block sizes and modes.</summary>
    private static (VolumeKind Kind, JournalMode Mode) CaseOf(int seed) => (seed % 12) switch
    {
        1 => (new(VolumeType.Ext3), JournalMode.Ordered),
        3 => (new(VolumeType.Ext4), JournalMode.Journal),
        5 => (new(VolumeType.Ext3, 1024, InodeSizeBytes: 128), JournalMode.Journal),
        7 => (new(VolumeType.Ext4, 2048), JournalMode.Writeback),
        9 => (new(VolumeType.Ext3, 2048), JournalMode.Writeback),
        11 => (new(VolumeType.Ext4, 1024), JournalMode.Journal),
        _ => (new(VolumeType.Ext4), JournalMode.Ordered),
    };

    private static IEnumerable<CrashState> Sample(WriteLog log, int seed)
    {
        var random = new Random(seed);
        for (int found = 0; found < StatesOfWorkload;)
        {
            var model = new DeviceModel(random.Next(3) == 0 ? 512 : 4096);
            PowerCut cut = PowerCut.At(log, model, random.Next(log.Position + 1));
            if (cut.UndecidedCount == 0)
                continue;
            found++;
            yield return cut.Sample(random.Next());
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
    [GeneratedRegex(@"bitmap differences|UNEXPECTED INCONSISTENCY|Unattached|Connect to|i_size is|i_blocks is|checksum|count wrong for group|ref count is")]
    private static partial Regex RealRepair();

    private static void AssertSilent(string image, string name)
    {
        ToolResult check = ExternalTool.Run("e2fsck", "-fn", image);
        Assert.True(check.ExitCode == 0, string.Create(CultureInfo.InvariantCulture, $"{name}: e2fsck -fn: exit {check.ExitCode}\n{check.Output}{check.Errors}"));
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
        Assert.True(ExternalTool.Run("mount", "-t", "ext4", mount.Device, mount.Folder).ExitCode != 0, $"{name}: the kernel mounts what ExtShell refuses");
    }

    private static void Write(CrashState state, string image)
    {
        IStorage storage = state.ToStorage();
        var bytes = new byte[storage.LengthBytes];
        storage.Read(0, bytes);
        File.WriteAllBytes(image, bytes);
    }
}
