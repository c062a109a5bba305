using Xunit.Abstractions;

namespace ExtShell.Conformance.Tests.Kernel;

/// <summary>The engine asks of its device what the kernel asks of its: the same writes and flushes, in the same order.</summary>
/// <remarks>
/// Differences, each with its reason.
/// (1) Where data lies: the kernel's multi-block allocator takes small files' blocks from a preallocation of 512 blocks that is the CPU's,
/// and so depends on which CPU ran the call; the engine takes the first blocks that are free behind the goal. Shapes say which data is
/// written and not where; the places of the journal and of metadata at home are the same and compared.
/// (2) syncfs: the kernel starts the commit before it waits for it, and flushes once more if the commit's own flush is past when it comes
/// to wait. The engine, which waits at once, never needs that one.
/// </remarks>
public sealed class EngineAgainstKernelTests(ITestOutputHelper output)
{
    [RequiresRecorderFact("mkfs.ext4")]
    public void The_engine_writes_and_flushes_as_the_kernel_does()
    {
        BlockTrace kernel = KernelTrace.Record();
        BlockTrace engine = EngineWorkload.Record();
        foreach (KernelWorkload workload in KernelWorkload.All)
        {
            string[] kernelShape = TraceShape.Of(kernel.Phase(workload.Name)); // (1)
            string[] engineShape = TraceShape.Of(engine.Phase(workload.Name));
            output.WriteLine($"{workload.Name}: kernel {Count(kernel, workload)}, engine {Count(engine, workload)}");
            foreach (string one in engineShape)
                output.WriteLine("    " + one);
            if (workload.Name == KernelWorkload.Unlink && kernelShape.Count(one => one == "flush") == 3)
                kernelShape = WithoutLastFlush(kernelShape); // (2)
            Assert.Equal(kernelShape, engineShape);
        }
    }

    private static string Count(BlockTrace trace, KernelWorkload workload)
    {
        (int writes, int flushes) = trace.Count(workload.Name);
        return $"{writes} / {flushes}";
    }

    private static string[] WithoutLastFlush(string[] shape)
    {
        int last = Array.LastIndexOf(shape, "flush");
        return [.. shape[..last], .. shape[(last + 1)..]];
    }
}
