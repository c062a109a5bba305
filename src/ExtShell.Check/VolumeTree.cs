namespace ExtShell.Check;

/// <summary>
/// The files of a volume as a check read them. It reads nothing more of the image, and costs nothing until it is asked: the tree of a judged
/// state is the base's tree and what differs.
/// </summary>
public sealed class VolumeTree
{
    internal VolumeTree(TreeIdentity identity) => Identity = identity;

    /// <summary>Stands for the whole tree; equal trees have equal identities.</summary>
    public TreeIdentity Identity { get; }

    /// <summary>What <paramref name="path"/> leads to, or null. Symbolic links are not followed.</summary>
    public InodeFacts? Find(string path) => null;

    /// <summary>The inode of this number, if it is in use, whether or not a name leads to it.</summary>
    public InodeFacts? Inode(uint number) => null;

    /// <summary>All names, the root first, depth first, in ordinal order of their bytes; "." and ".." are left out.</summary>
    public IEnumerable<TreeFile> Enumerate() => [];

    /// <summary>The inodes that differ from the base, by number; of the base's own tree there are none.</summary>
    public IEnumerable<TreeDifference> Differences() => [];
}
