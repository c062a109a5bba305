using ExtShell.Check.Facts;
using ExtShell.Check.Totals;
using ExtShell.Format.Layout;

namespace ExtShell.Check;

/// <summary>
/// The files of a volume as a check read them. It reads nothing more of the image, and costs nothing until it is asked: the tree of a
/// judged state is the base's tree and what differs.
/// </summary>
public sealed class VolumeTree
{
    private readonly VolumeView? _view;

    internal VolumeTree(VolumeView? view)
    {
        _view = view;
        Identity = view is null ? default : view.Identity.Value;
    }

    /// <summary>Stands for the whole tree; equal trees have equal identities.</summary>
    public TreeIdentity Identity { get; }

    /// <summary>The identity.</summary>
    public override string ToString() => $"tree {Identity}";

    /// <summary>What <paramref name="path"/> leads to, or null. Symbolic links are not followed; "." and ".." are no names here.</summary>
    public InodeFacts? Find(string path)
    {
        InodeFacts? at = Inode(InodeNumbers.Root);
        foreach (string part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (at is null)
                return null;
            at = FindName(at, PathText.Bytes(part));
        }

        return at;
    }

    /// <summary>The inode of this number, if it is in use, whether or not a name leads to it.</summary>
    public InodeFacts? Inode(uint number) => _view?.Inode(number) is { IsFree: false } facts ? facts : null;

    /// <summary>The extended attributes of an inode of this tree, those that lie in it first.</summary>
    public IEnumerable<AttributeFacts> Attributes(InodeFacts inode) =>
        inode.AttributeBlock == 0 || _view is null
            ? inode.Attributes
            : inode.Attributes.Concat(_view.AttributeBlock(inode.AttributeBlock).Attributes);

    /// <summary>
    /// All names, the root first, depth first, in ordinal order of their bytes; "." and ".." are left out. A directory is entered once.
    /// </summary>
    public IEnumerable<TreeFile> Enumerate()
    {
        if (Inode(InodeNumbers.Root) is not InodeFacts root)
            yield break;
        var entered = new HashSet<uint>();
        var waiting = new Stack<TreeFile>();
        waiting.Push(new TreeFile("/", root));
        while (waiting.TryPop(out TreeFile? file))
        {
            yield return file;
            if (file.Inode.Directory is not DirectoryFacts directory || !file.Inode.IsDirectory || !entered.Add(file.Inode.Number))
                continue;
            List<(byte[] Name, uint Inode)> names = SortedNames(directory);
            string prefix = file.Path == "/" ? "/" : file.Path + "/";
            for (int i = names.Count - 1; i >= 0; i--)
            {
                if (Inode(names[i].Inode) is InodeFacts facts)
                    waiting.Push(new TreeFile(prefix + PathText.Of(names[i].Name), facts));
            }
        }
    }

    /// <summary>The inodes that differ from the base, by number; of the base's own tree there are none.</summary>
    public IEnumerable<TreeDifference> Differences()
    {
        if (_view is null)
            yield break;
        var numbers = new SortedSet<uint>(_view.ChangedInodes.Keys);
        foreach ((uint inode, LinkChange change) in _view.ChangedLinks)
        {
            if (change.Added.Count + change.Removed.Count > 0)
                numbers.Add(inode);
        }

        var before = new VolumeView(_view.Base, _view.Base.Volume);
        foreach (uint number in numbers)
        {
            InodeFacts? old = before.Inode(number) is { IsFree: false } oldFacts ? oldFacts : null;
            InodeFacts? now = Inode(number);
            if (old is not null || now is not null)
                yield return new TreeDifference(number, old, now, Paths(before, number), Paths(_view, number));
        }
    }

    private InodeFacts? FindName(InodeFacts directory, ReadOnlySpan<byte> name)
    {
        foreach (DirectoryBlockFacts block in directory.Directory?.Blocks ?? [])
        {
            foreach (ref readonly DirectoryName entry in block.Entries.AsSpan())
            {
                if (block.NameOf(entry).SequenceEqual(name))
                    return Inode(entry.Inode);
            }
        }

        return null;
    }

    private static List<(byte[] Name, uint Inode)> SortedNames(DirectoryFacts directory)
    {
        var names = new List<(byte[] Name, uint Inode)>();
        foreach (DirectoryBlockFacts block in directory.Blocks)
        {
            foreach (ref readonly DirectoryName entry in block.Entries.AsSpan())
                names.Add((block.NameOf(entry).ToArray(), entry.Inode));
        }

        names.Sort(static (a, b) => a.Name.AsSpan().SequenceCompareTo(b.Name));
        return names;
    }

    private static List<string> Paths(VolumeView view, uint inode)
    {
        var names = new List<NameReference>();
        view.AddNames(inode, names);
        var paths = new List<string>(names.Count);
        foreach (NameReference name in names)
            paths.Add(PathOf(view, name));
        if (inode == InodeNumbers.Root)
            paths.Add("/");
        paths.Sort(StringComparer.Ordinal);
        return paths;
    }

    /// <summary>The path of a name; of what hangs below no root it begins with the directory's number, such as <c>#12/a</c>.</summary>
    private static string PathOf(VolumeView view, NameReference name)
    {
        string path = PathText.Of(name.Name);
        var passed = new HashSet<uint>();
        var above = new List<NameReference>();
        uint directory = name.Directory;
        while (directory != InodeNumbers.Root)
        {
            above.Clear();
            view.AddNames(directory, above);
            if (above.Count == 0 || !passed.Add(directory))
                return $"#{directory}/{path}";
            NameReference next = above.MinBy(static reference => reference.Directory);
            path = PathText.Of(next.Name) + "/" + path;
            directory = next.Directory;
        }

        return "/" + path;
    }
}
