using ExtShell.TestTools;
using Xunit.Abstractions;

namespace ExtShell.Conformance.Tests.Kernel;

/// <summary>The recorder sees what the kernel writes, and the kernel writes what it is known to write.</summary>
public sealed class KernelTraceTests(ITestOutputHelper output)
{
    [RequiresRecorderFact("mkfs.ext4")]
    public void The_kernel_s_writes_and_flushes_for_each_workload_are_the_known_ones()
    {
        BlockTrace trace = KernelTrace.Record();
        foreach (KernelWorkload workload in KernelWorkload.All)
            output.WriteLine($"{workload.Name}: {trace.Count(workload.Name)}");
        Assert.Equal((15, 8), trace.Count(KernelWorkload.Append));
        Assert.Equal((8, 4), trace.Count(KernelWorkload.Preallocated));
        Assert.Equal((2, 2), trace.Count(KernelWorkload.Overwrite));
        Assert.Equal((3, 2), trace.Count(KernelWorkload.Create));
        Assert.Equal((5, 4), trace.Count(KernelWorkload.Rename));
        Assert.Equal((3, 2), trace.Count(KernelWorkload.Truncate));
        (int writes, int flushes) = trace.Count(KernelWorkload.Unlink);
        Assert.Equal(6, writes);
        // syncfs starts the commit, then waits; it flushes once more if by then the commit's own flush is past
        Assert.InRange(flushes, 2, 3);
    }

    [RequiresRecorderFact("mkfs.ext4")]
    public void With_the_data_in_the_journal_the_kernel_flushes_more_often()
    {
        BlockTrace trace = KernelTrace.Record("data=journal");
        foreach (KernelWorkload workload in KernelWorkload.All)
            output.WriteLine($"{workload.Name}: {trace.Count(workload.Name)}");
        Assert.Equal((14, 12), trace.Count(KernelWorkload.Append));
        Assert.Equal((6, 6), trace.Count(KernelWorkload.Overwrite));
    }

    [RequiresRecorderFact("mkfs.ext4", "e2fsck")]
    public void What_was_recorded_gives_the_volume_again()
    {
        BlockTrace trace = KernelTrace.Record();
        using TemporaryFolder folder = TemporaryFolder.InMemory();
        string image = folder.File("image");
        File.WriteAllBytes(image, trace.Replay(KernelTrace.VolumeSizeBytes, trace.Events.Count));
        ToolResult check = ExternalTool.Run("e2fsck", "-fn", image);
        Assert.True(check.ExitCode == 0, check.Output + check.Errors);
        using LoopMount mount = LoopMount.Of(image, "ro");
        Assert.False(File.Exists(mount.Path("append")));
        Assert.Equal(KernelWorkload.Content(30, 16384)[..100], File.ReadAllBytes(mount.Path("buffered")));
        byte[] preallocated = File.ReadAllBytes(mount.Path("preallocated"));
        Assert.Equal(65536, preallocated.Length);
        Assert.Equal(KernelWorkload.Content(21, 4096), preallocated[..4096]);
        Assert.Equal(KernelWorkload.Content(10, 4096), preallocated[49152..53248]);
        Assert.Equal(new byte[12288], preallocated[4096..16384]);
    }

    [RequiresRecorderFact("mkfs.ext4")]
    public void A_cut_right_after_a_synchronous_append_returned_keeps_it()
    {
        BlockTrace trace = KernelTrace.Record();
        int returned = IndexOfMark(trace, "between");
        using TemporaryFolder folder = TemporaryFolder.InMemory();
        string image = folder.File("image");
        File.WriteAllBytes(image, trace.Replay(KernelTrace.VolumeSizeBytes, returned));
        using LoopMount mount = LoopMount.Of(image);
        byte[] appended = File.ReadAllBytes(mount.Path("append"));
        Assert.Equal(16384, appended.Length);
        Assert.Equal(KernelWorkload.Content(4, 4096), appended[12288..]);
    }

    private static int IndexOfMark(BlockTrace trace, string text) =>
        trace.Events.Select((one, index) => (one, index))
            .First(pair => pair.one.Kind == BlockEventKind.Mark && pair.one.Text == text).index;
}
