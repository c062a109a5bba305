using ExtShell.Engine.IO;
using ExtShell.Engine.Tests.Volumes;
using ExtShell.Engine.Volumes;
using ExtShell.Format.Errors;

namespace ExtShell.Conformance.Tests.Trees;

/// <summary>What a random workload runs on: a kind of volume and how it is mounted, by which protocol.</summary>
/// <remarks>
/// Nobody lists who serves what: a protocol serves a kind of volume in a journal mode if the mount takes it there, and a direct write into
/// a hole succeeds. All switches are off.
/// </remarks>
internal sealed record WorkloadCase(VolumeKind Kind, MountOptions Options)
{
    private static readonly Lazy<WorkloadCase[]> Served = new(FindServed);
    private static readonly Lazy<WorkloadCase[]> ServedWithJournal = new(() => Array.FindAll(Served.Value, static one => one.UsesJournal));

    /// <summary>All cases there are, in an order in which neighbours differ.</summary>
    public static IReadOnlyList<WorkloadCase> All => Served.Value;

    /// <summary>Those that can recover: a journal is there and in use.</summary>
    public static IReadOnlyList<WorkloadCase> WithJournal => ServedWithJournal.Value;

    /// <summary>Whether a journal is in use.</summary>
    public bool UsesJournal => Kind.HasJournal && Options.Journal != JournalMode.None;

    /// <summary>The kernel's names for how it is mounted.</summary>
    public string KernelOptions
    {
        get
        {
            string journal = Options.Journal == JournalMode.None ? "noload" : $"data={Options.Journal.ToString().ToLowerInvariant()}";
            string reads = Options.DioReadNoLock || Options.Journal == JournalMode.Journal ? "" : ",dioread_lock";
            return (Kind.HasJournal ? journal : "defaults") + reads;
        }
    }

    /// <summary>Makes the volume, and mounts it.</summary>
    public TestVolume Make() => Kind.Make(Options);

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Options.Protocol}, {Kind}, data={Options.Journal}{(Options.DioReadNoLock ? "" : ", dioread_lock")}";

    private static WorkloadCase[] FindServed()
    {
        var served = new List<WorkloadCase>();
        foreach (string protocol in WriteProtocols.Names)
        {
            foreach (VolumeKind kind in VolumeKind.All)
            {
                foreach (JournalMode mode in Enum.GetValues<JournalMode>())
                {
                    var options = new MountOptions { Protocol = protocol, Journal = mode };
                    if (!Serves(kind, options))
                        continue;
                    served.Add(new WorkloadCase(kind, options));
                    served.Add(new WorkloadCase(kind, options with { DioReadNoLock = false }));
                }
            }
        }

        WorkloadCase[] shuffled = [.. served];
        new Random(1).Shuffle(shuffled);
        return shuffled;
    }

    private static bool Serves(VolumeKind kind, MountOptions options)
    {
        try
        {
            using TestVolume host = kind.Make(options);
            using FileHandle file = host.Volume.Create("/hole");
            file.Truncate(1 << 20);
            file.WriteDirect(1 << 16, new byte[4096]);
            return true;
        }
        catch (FileSystemException refused) when (refused.Errno is Errno.EINVAL or Errno.EOPNOTSUPP)
        {
            return false;
        }
    }
}
