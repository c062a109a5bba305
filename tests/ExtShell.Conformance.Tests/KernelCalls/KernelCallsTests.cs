using ExtShell.Conformance.Tests.Kernel;
using ExtShell.Conformance.Tests.Trees;
using ExtShell.Engine.Devices;
using ExtShell.Engine.Tests.Volumes;
using ExtShell.Engine.Volumes;
using ExtShell.TestTools;

namespace ExtShell.Conformance.Tests.KernelCalls;

/// <summary>
/// The same calls on the same image by the engine and by the kernel: each ends with the same result or the same errno, and in the end both
/// volumes hold the same files, with the same blocks in the same states.
/// </summary>
/// <remarks>
/// The kernel writes zeroes rather than splitting small unwritten extents (<c>extent_max_zeroout_kb</c>), which the engine never does; it is
/// turned off for the volume, so that states of blocks can be compared.
/// </remarks>
public sealed class KernelCallsTests
{
    private const int CallsPerSeed = 300;

    public static TheoryData<int> Seeds() =>
        [.. Enumerable.Range(1, Environment.GetEnvironmentVariable("EXTSHELL_FULL") == "1" ? 500 : 12)];

    [RequiresKernelMountTheory("e2fsck")]
    [MemberData(nameof(Seeds))]
    public void Every_call_ends_as_the_kernel_s(int seed)
    {
        using TemporaryFolder folder = TemporaryFolder.InMemory();
        using var host = new TestVolume(blockSizeBytes: seed % 4 == 0 ? 1024 : 4096);
        string image = folder.File("image");
        File.WriteAllBytes(image, host.Storage.Read(0, (int)host.Storage.LengthBytes));
        var calls = new CallGenerator(seed).Make(CallsPerSeed);
        var engine = new EngineCaller(host.Volume);
        using (LoopMount mount = LoopMount.Of(image))
        {
            File.WriteAllText($"/sys/fs/ext4/{Path.GetFileName(mount.Device)}/extent_max_zeroout_kb", "0");
            using var kernel = new KernelCaller(mount.Folder);
            for (int i = 0; i < calls.Count; i++)
            {
                if (engine.IsMisalignedAppend(calls[i]))
                    continue;
                string expected = kernel.Make(calls[i]);
                string found = engine.Make(calls[i]);
                Assert.True(expected == found, $"seed {seed}, call {i}: the kernel says {expected}, the engine {found}\n{Before(calls, i)}");
            }
        }

        host.Volume.Unmount();
        Assert.Equal((0, ""), Check(host));
        host.Mount();
        FileTree.AssertSame(TreeOf(image), EngineTree.Read(host.Volume), $"seed {seed}: the engine's volume");
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
        Volume volume = Volume.Mount(machine, new SimulatedDisk(machine, storage, new DeviceTraits()), new MountOptions { ReadOnly = true });
        return EngineTree.Read(volume);
    }

    /// <summary>The failing call, and those before it on the same file.</summary>
    private static string Before(List<VolumeCall> calls, int index)
    {
        var text = new List<string>();
        for (int i = index; i >= 0 && text.Count < 25; i--)
        {
            if (i == index || calls[i].Slot == calls[index].Slot || calls[i].Path.Length > 0)
                text.Add($"{i}: {calls[i]}");
        }

        text.Reverse();
        return string.Join('\n', text);
    }
}
