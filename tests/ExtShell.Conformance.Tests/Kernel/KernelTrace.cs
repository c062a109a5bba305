using ExtShell.TestTools;

namespace ExtShell.Conformance.Tests.Kernel;

/// <summary>Records what the kernel's ext4 writes for the workloads.</summary>
internal static class KernelTrace
{
    /// <summary>A commit that a timer starts on a slow machine would move the log of all that follows.</summary>
    private const string NoTimedCommits = "commit=3600";

    /// <summary>The size of the volume that is recorded.</summary>
    public const int VolumeSizeBytes = 64 << 20;

    /// <summary>
    /// Makes a volume, mounts it and runs all workloads; each is a phase of the trace of its own name. Between them the volume is synced,
    /// so that none pays for the one before.
    /// </summary>
    /// <param name="mountOptions">mount(8)'s, such as "data=journal"; empty for the defaults.</param>
    public static BlockTrace Record(string mountOptions = "")
    {
        using var recorder = new BlockRecorder(VolumeSizeBytes);
        using LoopMount mount = LoopMount.Attach(recorder.DiskPath, direct: true);
        ExternalTool.RunOrThrow(
            "mkfs.ext4", "-q", "-F", "-b", "4096", "-E", "nodiscard,lazy_itable_init=0,lazy_journal_init=0", mount.Device);
        mount.Mount(mountOptions.Length == 0 ? NoTimedCommits : $"{NoTimedCommits},{mountOptions}");
        mount.Sync();
        foreach (KernelWorkload workload in KernelWorkload.All)
        {
            recorder.Mark(workload.Name);
            workload.Run(mount);
            recorder.Mark("between");
            mount.Sync();
        }

        mount.Unmount();
        return recorder.Trace();
    }
}
