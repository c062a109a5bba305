using ExtShell.Conformance.Tests.Kernel;
using ExtShell.Conformance.Tests.Trees;
using ExtShell.Engine.Devices;
using ExtShell.Engine.Tests.Volumes;
using ExtShell.Engine.Volumes;
using ExtShell.TestTools;
using Xunit.Abstractions;

namespace ExtShell.Conformance.Tests.KernelCalls;

/// <summary>
/// The same calls on the same image by the engine and by the kernel: each ends with the same result or the same errno, and in the end both
/// volumes hold the same files, with the same blocks in the same states. By the default protocol, on each kind of volume, in each journal
/// mode.
/// </summary>
/// <remarks>
/// <para>60 seeds of 300 calls; with <c>EXTSHELL_FULL=1</c> 500, of which a batch of 20 is a share: <c>--filter
/// "FullyQualifiedName~KernelCallsTests&amp;DisplayName~batch: 7)"</c>.</para> The kernel writes zeroes rather than splitting small
/// unwritten extents (<c>extent_max_zeroout_kb</c>), which the engine never does; it is turned off for the volume, so that states of blocks
/// can be compared.
/// </remarks>
public sealed class KernelCallsTests(ITestOutputHelper output)
{
    private const int CallsPerSeed = 300;
    private const int SeedsInBatch = 20;
    private const string Invalid = "22!";
    private static readonly WorkloadCase[] Cases = [
        .. WorkloadCase.All.Where(static one => one.Options.Protocol == MountOptions.Default.Protocol)];

    private int _misalignedReads;
    private int _noWaitWrites;
    private int _dropped;
    private int _allowedToWait;

    public static TheoryData<int> Batches() =>
        [.. Enumerable.Range(0, Environment.GetEnvironmentVariable("EXTSHELL_FULL") == "1" ? 25 : 3)];

    [RequiresKernelMountTheory("e2fsck")]
    [MemberData(nameof(Batches))]
    public void Every_call_ends_as_the_kernel_s(int batch)
    {
        var failures = new List<string>();
        for (int seed = batch * SeedsInBatch; seed < (batch + 1) * SeedsInBatch; seed++)
        {
            try
            {
                Compare(seed, Cases[seed % Cases.Length]);
            }
            catch (Xunit.Sdk.XunitException failed)
            {
                failures.Add(failed.Message);
            }
        }

        output.WriteLine($"{_noWaitWrites} direct NOWAIT writes: before {_dropped} both dropped what was cached, "
            + $"{_allowedToWait} were of several extents, ended with the file inside a block or were to a file with a set-ID bit, "
            + $"and could wait; {_misalignedReads} direct reads that begin inside a sector, over a hole, were refused by the kernel alone");
        Assert.True(failures.Count == 0, string.Join("\n\n", failures));
    }

    private void Compare(int seed, WorkloadCase one)
    {
        string name = $"seed {seed}, {one}";
        using TemporaryFolder folder = TemporaryFolder.InMemory();
        using TestVolume host = one.Make();
        string image = folder.File("image");
        host.WriteImage(image);
        var calls = new CallGenerator(seed, one.Kind.BlockSizeBytes).Make(CallsPerSeed);
        var engine = new EngineCaller(host.Volume);
        using (LoopMount mount = LoopMount.Of(image, one.KernelOptions))
        {
            File.WriteAllText($"/sys/fs/ext4/{Path.GetFileName(mount.Device)}/extent_max_zeroout_kb", "0");
            using var kernel = new KernelCaller(mount.Folder);
            for (int i = 0; i < calls.Count; i++)
            {
                if (engine.IsMisalignedAppend(calls[i]))
                    continue;
                VolumeCall call = Settled(calls[i], kernel, engine);
                string expected = kernel.Make(call);
                string found = engine.Make(call);
                if (expected == Invalid && IsMisalignedRead(call) && !found.EndsWith('!'))
                {
                    _misalignedReads++;
                    continue;
                }

                Assert.True(expected == found, $"{name}, call {i}: the kernel says {expected}, the engine {found}\n{Before(calls, i)}");
            }
        }

        host.Volume.Unmount();
        Assert.Equal((0, ""), Check(host));
        host.Mount();
        FileTree.AssertSame(TreeOf(image), EngineTree.Read(host.Volume, withAttributes: true), $"{name}: the engine's volume");
    }

    /// <summary>
    /// Whether it is a direct read that begins inside a sector. That is legal over a hole; but where the device is read behind it, the
    /// kernel also looks at where in the caller's memory, page by page, that goes, and the engine knows no memory. A read changes nothing.
    /// </summary>
    private static bool IsMisalignedRead(VolumeCall call) => call is { Kind: CallKind.Read, IsDirect: true } && call.Offset % 512 != 0;

    /// <summary>
    /// The call, where both can answer it alike. (1) A NOWAIT write over cached pages is EAGAIN, and the kernel caches others: its folios
    /// are dropped whole. Where the two differ under such a write, both drop what they have first. (2) To the kernel only what lies in one
    /// extent is an overwrite, and where extents end is the allocator's business: such a write may wait. (3) So may one that ends with the
    /// file inside a block: the engine writes the zeroes behind the end alone, the kernel beside others. (4) And one to a file with a
    /// set-ID bit: the kernel looks at every write whether it must be stripped, alone (S_NOSEC), the engine at the first.
    /// </summary>
    private VolumeCall Settled(VolumeCall call, KernelCaller kernel, EngineCaller engine)
    {
        if (!call.IsNoWait || !call.IsDirect)
            return call;
        _noWaitWrites++;
        if (kernel.HasCached(call) != engine.HasCached(call))
        {
            _dropped++; // (1)
            kernel.DropCached(call.Slot);
            engine.DropCached(call.Slot);
        }

        bool isFragmented = kernel.ExtentsUnder(call) > 1;
        if (!isFragmented && !engine.EndsWithFile(call) && !engine.HasPrivileges(call))
            return call;
        _allowedToWait++; // (2), (3), (4)
        return call with { IsNoWait = false };
    }

    private static (int ExitCode, string Output) Check(TestVolume host)
    {
        (int exitCode, string output) = host.Check();
        return (exitCode, exitCode == 0 ? "" : output);
    }

    private static FileTree TreeOf(string image)
    {
        var machine = new Engine.Kernel.Machine();
        var storage = new PagedMemory(new FileInfo(image).Length);
        storage.Write(0, File.ReadAllBytes(image));
        Volume volume = Volume.Mount(
            machine, new SimulatedDisk(machine, storage, new DeviceTraits()), new MountOptions { ReadOnly = true });
        return EngineTree.Read(volume, withAttributes: true);
    }

    /// <summary>The failing call, and those before it on the same file.</summary>
    private static string Before(List<VolumeCall> calls, int index)
    {
        var text = new List<string>();
        for (int i = index; i >= 0 && text.Count < 25; i--)
        {
            if (i == index || (calls[i].Path.Length == 0 && calls[i].Slot == calls[index].Slot) || calls[i].Kind == CallKind.Open)
                text.Add($"{i}: {calls[i]}");
        }

        text.Reverse();
        return string.Join('\n', text);
    }
}
