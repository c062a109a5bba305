using ExtShell.Engine.Tests.Volumes;
using static ExtShell.Engine.Tests.Volumes.WorkloadStep;

namespace ExtShell.Conformance.Tests.Trees;

/// <summary>A kind of workload: what a random one is made of.</summary>
/// <param name="Name">What it is called where a test fails.</param>
/// <param name="Steps">What it does, each as often as it stands there; of everything something where there is nothing.</param>
internal sealed record WorkloadMix(string Name, params WorkloadStep[] Steps)
{
    /// <summary>So long that a few names outgrow a block.</summary>
    public const int LongNameBytes = 200;

    /// <summary>All kinds.</summary>
    public static IReadOnlyList<WorkloadMix> All { get; } =
    [
        new("everything"),
        new("direct writes and syncs", Create, WriteDirect, WriteDirect, WriteDirect, SyncFile),
        new("writes in flight", Create, StartDirect, StartDirect, StartDirect, SyncFile, Close),
        new("writes in flight into preallocated space", Create, Fallocate, StartDirect, StartDirect, StartDirect, SyncFile),
        new("buffered writes and syncs", Create, WriteBuffered, WriteBuffered, WriteBuffered, SyncFile),
        new("direct among buffered", Create, WriteBuffered, WriteDirect, WriteUnaligned, StartDirect, SyncFile, Read),
        new("unaligned writes", Create, WriteUnaligned, WriteUnaligned, WriteDirect, Truncate, SyncFile),
        new("truncates under writes", Create, StartDirect, WriteDirect, WriteBuffered, Truncate, Truncate),
        new("punches and zeroes", Create, WriteDirect, WriteBuffered, StartDirect, Punch, ZeroRange, SyncFile),
        new("shifts", Create, WriteDirect, WriteBuffered, Fallocate, Collapse, Insert, SyncFile),
        new("names", Create, Create, Mkdir, Link, Unlink, Rmdir, Rename, Rename, WriteBuffered, SyncFile),
        new("long names", Create, Create, Create, Create, Link, Link, Unlink, Rename, SyncFile) { ShortestNameBytes = LongNameBytes },
        new("files without names", Create, WriteDirect, StartDirect, Unlink, Close, SyncVolume, Fallocate),
    ];

    /// <summary>How long its names are at least, bytes.</summary>
    public int ShortestNameBytes { get; private init; }

    /// <summary>The kind of a seed: each in turn.</summary>
    public static WorkloadMix Of(int seed) => All[seed % All.Count];

    /// <summary>A workload of this kind.</summary>
    public RandomWorkload Start(int seed, TestVolume host) => new(seed, host, Steps.Length == 0 ? null : Steps, ShortestNameBytes);
}
