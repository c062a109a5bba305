using ExtShell.Check;

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

    /// <summary>The files and directories.</summary>
    public IReadOnlyList<BaselineFile> Files { get; }

    /// <summary>What the path led to; null if nothing did.</summary>
    public BaselineFile? Find(string path) => _byPath.GetValueOrDefault(path);

    /// <summary>The file with that inode; null if there was none.</summary>
    public BaselineFile? Find(uint inode) => _byInode.GetValueOrDefault(inode);

    /// <summary>The file that a block of the volume belonged to, and the block of the file; null if it was nobody's, or not known.</summary>
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
}
