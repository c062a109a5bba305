using ExtShell.Check;
using ExtShell.Engine.Devices;
using ExtShell.Engine.Kernel;
using ExtShell.Engine.Volumes;
using ExtShell.Format.Layout;
using ExtShell.Format.OnDisk;

namespace ExtShell.Lab.Durability;

/// <summary>What a volume held, durably, when its log began: the oldest content that a cut may show.</summary>
public sealed class Baseline
{
    private readonly Dictionary<string, BaselineFile> _byPath = [];
    private readonly Dictionary<uint, BaselineFile> _byInode = [];

    /// <summary>Makes it of the files, the root left out.</summary>
    public Baseline(IReadOnlyList<BaselineFile> files)
    {
        Files = files;
        foreach (BaselineFile file in files)
        {
            _byInode.Add(file.Inode, file);
            foreach (string path in file.Paths)
                _byPath.Add(path, file);
        }
    }

    /// <summary>A volume without files.</summary>
    public static Baseline Empty { get; } = new([]);

    /// <summary>Reads what a device holds, after the recovery that a mount would do; the device's content stays as it is.</summary>
    public static Baseline Capture(IStorage content)
    {
        IStorage recovered = content.Snapshot();
        var machine = new Machine();
        Volume.Mount(machine, new SimulatedDisk(machine, recovered, new DeviceTraits(HasVolatileCache: false))).Unmount();
        var source = new StorageSource(recovered);
        int blockSizeBytes = 1024 << (int)(uint)SuperBlockReader.Read(source).LogBlockSize;
        var byInode = new Dictionary<uint, (InodeFacts Facts, List<string> Paths)>();
        foreach (TreeFile file in ImageChecker.Check(source).Tree.Enumerate())
        {
            if (file.Path == "/")
                continue;
            if (!byInode.TryGetValue(file.Inode.Number, out (InodeFacts Facts, List<string> Paths) known))
                byInode.Add(file.Inode.Number, known = (file.Inode, []));
            known.Paths.Add(file.Path);
        }

        var files = new List<BaselineFile>();
        foreach ((uint inode, (InodeFacts facts, List<string> paths)) in byInode)
        {
            MappedRun[] runs = facts.Runs.ToArray();
            byte[] ReadRange(long offset, int length) => Read(recovered, runs, blockSizeBytes, offset, length);
            files.Add(new BaselineFile(inode, paths, facts.Kind == FileType.Directory, facts.SizeBytes, ReadRange, runs, blockSizeBytes));
        }

        return new Baseline(files);
    }

    /// <summary>The files and directories.</summary>
    public IReadOnlyList<BaselineFile> Files { get; }

    /// <summary>What the path led to; null if nothing did.</summary>
    public BaselineFile? Find(string path) => _byPath.GetValueOrDefault(path);

    /// <summary>The file with that inode; null if there was none.</summary>
    public BaselineFile? Find(uint inode) => _byInode.GetValueOrDefault(inode);

    /// <summary>
    /// The file that a block of the volume belonged to, and the block of the file; null if it was nobody's, or not known.
    /// </summary>
    public (BaselineFile File, long LogicalBlock)? OwnerOf(long physicalBlock)
    {
        foreach (BaselineFile file in Files)
        {
            foreach (MappedRun run in file.Runs)
            {
                if (physicalBlock >= run.PhysicalBlock && physicalBlock < run.EndPhysicalBlock)
                    return (file, run.LogicalBlock + (physicalBlock - run.PhysicalBlock));
            }
        }

        return null;
    }

    private static byte[] Read(IStorage storage, MappedRun[] runs, int blockSizeBytes, long offsetBytes, int lengthBytes)
    {
        var bytes = new byte[lengthBytes];
        foreach (MappedRun run in runs)
        {
            long start = Math.Max(offsetBytes, run.LogicalBlock * (long)blockSizeBytes);
            long end = Math.Min(offsetBytes + lengthBytes, run.EndLogicalBlock * blockSizeBytes);
            if (start >= end || !run.IsWritten)
                continue;
            long image = (run.PhysicalBlock * blockSizeBytes) + start - (run.LogicalBlock * (long)blockSizeBytes);
            storage.Read(image, bytes.AsSpan((int)(start - offsetBytes), (int)(end - start)));
        }

        return bytes;
    }
}
