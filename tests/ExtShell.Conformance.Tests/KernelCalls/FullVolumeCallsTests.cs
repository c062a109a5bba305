using System.Globalization;
using ExtShell.Conformance.Tests.Kernel;
using ExtShell.Conformance.Tests.Trees;
using ExtShell.Engine.Devices;
using ExtShell.Engine.IO;
using ExtShell.Engine.Tests.Volumes;
using ExtShell.Engine.Volumes;
using ExtShell.Engine.Volumes.Making;
using ExtShell.Format.OnDisk;
using ExtShell.TestTools;
using Xunit.Abstractions;

namespace ExtShell.Conformance.Tests.KernelCalls;

/// <summary>
/// The same calls on a full volume by the engine and by the kernel end alike: what is allocated can be written, what is not is ENOSPC.
/// Where space runs out is each allocator's own business, so each side fills its volume to the last block, again after every call: that may
/// have freed some, be it of a tree that became smaller.
/// </summary>
/// <remarks>
/// (1) The kernel keeps an extent tree's block when a punch or a split leaves few enough extents for the inode; ExtShell gives it back, so
/// that e2fsck finds no tree that could be narrower. And the kernel has been seen to keep a block back from fallocate that a buffered write
/// then gets. Then one side finds room for one extent more than the other. Where a call meets the full volume on one side only, the seed
/// ends there; few do. Any other difference fails.
/// </remarks>
public sealed class FullVolumeCallsTests(ITestOutputHelper output)
{
    private const int FillSlot = 7;
    private const int FillFiles = 16;
    private const int FileBlocks = 16;
    private const int CallsPerSeed = 80;
    private const string Full = "28!";

    private static readonly VolumeCall Filling = new(CallKind.Fallocate) { Slot = FillSlot };

    /// <summary>3 seeds of each; with <c>EXTSHELL_FULL=1</c> 100.</summary>
    public static TheoryData<VolumeType, int> Volumes() => new() { { VolumeType.Ext4, 4096 }, { VolumeType.Ext4, 1024 } };

    [RequiresKernelMountTheory("e2fsck")]
    [MemberData(nameof(Volumes))]
    public void EveryCallOnAFullVolumeEndsAsTheKernelS(VolumeType type, int blockSizeBytes)
    {
        int refused = 0;
        int parted = 0;
        int seeds = Environment.GetEnvironmentVariable("EXTSHELL_FULL") == "1" ? 100 : 3;
        for (int seed = 0; seed < seeds; seed++)
            parted += Compare(seed, type, blockSizeBytes, ref refused) ? 0 : 1;
        output.WriteLine($"{seeds} seeds, {refused} calls met the full volume, {parted} seeds ended where only one side found a block");
        Assert.True(refused > 10, $"{refused} calls met the full volume");
        Assert.True(parted * 4 <= seeds, $"{parted} of {seeds} seeds ended where only one side found a block");
    }

    /// <returns>Whether the calls agree to the end; false where they part for (1).</returns>
    private static bool Compare(int seed, VolumeType type, int blockSizeBytes, ref int refused)
    {
        using TemporaryFolder folder = TemporaryFolder.InMemory();
        using var host = new TestVolume(16 << 20, blockSizeBytes: blockSizeBytes, type: type);
        string image = folder.File("image");
        host.WriteImage(image);
        var random = new Random(seed);
        var engine = new EngineCaller(host.Volume);
        using (LoopMount mount = LoopMount.Of(image))
        {
            File.WriteAllText($"/sys/fs/ext4/{Path.GetFileName(mount.Device)}/extent_max_zeroout_kb", "0");
            using var kernel = new KernelCaller(mount.Folder);
            var done = new List<string>();
            foreach (VolumeCall call in Prepare(random, blockSizeBytes)
                .Concat(Enumerable.Range(0, CallsPerSeed).SelectMany(_ => One(random, blockSizeBytes))))
            {
                if (call.Slot == FillSlot)
                {
                    Fill(kernel.Make, blockSizeBytes);
                    Fill(engine.Make, blockSizeBytes);
                    continue;
                }

                string expected = kernel.Make(call);
                string found = engine.Make(call);
                done.Add($"{call}: {found}");
                refused += expected == Full ? 1 : 0;
                if (expected != found && (expected == Full || found == Full))
                    return false; // (1)
                Assert.True(expected == found, $"seed {seed}, {type} of {blockSizeBytes}: the kernel says {expected}, "
                    + $"the engine\n{string.Join('\n', done.TakeLast(30))}");
            }
        }

        host.Volume.Unmount();
        (int exitCode, string output) = host.Check();
        Assert.True(exitCode == 0, output);
        host.Mount();
        Assert.Equal(string.Join('\n', WithoutFill(TreeOf(image))), string.Join('\n', WithoutFill(EngineTree.Read(host.Volume))));
        return true;
    }

    /// <summary>
    /// Allocates until nothing is free: until a round finds nothing. In several files: one more extent of a file may need a block for its
    /// tree, too.
    /// </summary>
    private static void Fill(Func<VolumeCall, string> make, int blockSizeBytes)
    {
        for (bool foundSpace = true; foundSpace;)
        {
            CommitTwice(make);
            foundSpace = false;
            for (int file = 0; file < FillFiles; file++)
                foundSpace |= FillOne(make, $"/fill{file}", blockSizeBytes);
        }
    }

    /// <summary>
    /// The kernel gives back what was freed after the commit that frees it, and may do so after it woke those who wait for the commit; but
    /// before it begins the next one.
    /// </summary>
    private static void CommitTwice(Func<VolumeCall, string> make)
    {
        for (int i = 1; i <= 2; i++)
        {
            make(new(CallKind.Chmod)
            {
                Path = "/f0", Permissions = InodeMode.UserRead | InodeMode.UserWrite | (i == 1 ? InodeMode.GroupRead : 0),
            });
            make(new(CallKind.SyncVolume));
        }
    }

    private static bool FillOne(Func<VolumeCall, string> make, string path, int blockSizeBytes)
    {
        make(new(CallKind.Open) { Slot = FillSlot, Path = path, Options = OpenOptions.Create });
        long before = SizeOf(make, path);
        for (long length = 4 << 20; length >= blockSizeBytes;)
        {
            if (make(new(CallKind.Fallocate) { Slot = FillSlot, Offset = SizeOf(make, path), Length = length }) != "0")
                length /= 4;
        }

        return SizeOf(make, path) != before;
    }

    private static long SizeOf(Func<VolumeCall, string> make, string path) =>
        long.Parse(make(new(CallKind.Stat) { Path = path }).Split(' ')[2], CultureInfo.InvariantCulture);

    private static IEnumerable<VolumeCall> Prepare(Random random, int blockSizeBytes)
    {
        for (int slot = 0; slot < 4; slot++)
        {
            yield return new(CallKind.Open) { Slot = slot, Path = $"/f{slot}", Options = OpenOptions.Create };
            yield return new(CallKind.Fallocate) { Slot = slot, Length = FileBlocks * blockSizeBytes, KeepSize = slot % 2 == 0 };
            for (int block = 0; block < FileBlocks; block += 1 + random.Next(3))
                yield return new(CallKind.Write)
                {
                    Slot = slot, Offset = block * blockSizeBytes, Length = blockSizeBytes, IsDirect = true, Pattern = random.Next(),
                };
            for (int block = 1; block < FileBlocks; block += 2 + random.Next(6))
                yield return new(CallKind.Fallocate)
                {
                    Slot = slot, Mode = FallocateMode.PunchHole, KeepSize = true, Offset = block * blockSizeBytes, Length = blockSizeBytes,
                };
        }

        yield return Filling;
    }

    private static IEnumerable<VolumeCall> One(Random random, int blockSizeBytes)
    {
        int slot = random.Next(4);
        long offset = random.Next(FileBlocks + 2) * blockSizeBytes;
        var range = new VolumeCall(CallKind.Write)
        {
            Slot = slot, Offset = offset, Length = blockSizeBytes * (1 + random.Next(3)), Pattern = random.Next(),
        };
        switch (random.Next(10))
        {
            case 0 or 1 or 2:
                yield return range with { IsDirect = true };
                break;
            case 3:
                yield return range with { Kind = CallKind.Start, IsDirect = true, Tag = 1 };
                yield return new(CallKind.Wait) { Slot = slot, Tag = 1 };
                break;
            case 4 or 5:
                yield return range with { Offset = offset + random.Next(blockSizeBytes / 2), Length = 1 + random.Next(blockSizeBytes / 2) };
                break;
            case 6:
                yield return range with { Kind = CallKind.Fallocate, KeepSize = true, Length = blockSizeBytes };
                break;
            case 7:
                yield return range with { Kind = CallKind.Fallocate, Mode = FallocateMode.PunchHole, KeepSize = true };
                break;
            case 8:
                yield return new(CallKind.Truncate) { Slot = slot, Length = offset };
                break;
            default:
                yield return new(random.Next(2) == 0 ? CallKind.Sync : CallKind.Mkdir) { Slot = slot, Path = "/folder" };
                break;
        }

        yield return Filling;
    }

    private static string[] WithoutFill(FileTree tree) =>
        [.. tree.Lines.Where(static line => !line.StartsWith("/fill", StringComparison.Ordinal))];

    private static FileTree TreeOf(string image)
    {
        using ImageFile file = ImageFile.Open(image, isReadOnly: true);
        var machine = new Engine.Kernel.Machine();
        using Volume volume = Volume.Mount(
            machine, new SimulatedDisk(machine, file.Snapshot(), new DeviceTraits()), new MountOptions { ReadOnly = true });
        return EngineTree.Read(volume);
    }
}
