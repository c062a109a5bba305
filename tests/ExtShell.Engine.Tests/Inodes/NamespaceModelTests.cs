using ExtShell.Engine.Inodes;
using ExtShell.Format.Errors;
using ExtShell.Format.OnDisk;
using ExtShell.TestTools;

namespace ExtShell.Engine.Tests.Inodes;

/// <summary>Random operations against a model of names, inodes and links; e2fsck judges what is left.</summary>
public sealed class NamespaceModelTests
{
    private sealed class Node
    {
        public SortedDictionary<string, Node>? Children { get; init; }

        public Node? Parent { get; set; }

        public int Links { get; set; } = 1;

        public bool IsDirectory => Children is not null;
    }

    [RequiresToolTheory("mkfs.ext4", "e2fsck")]
    [InlineData(1, "-b 4096", true)]
    [InlineData(2, "-b 4096 -I 512", false)]
    [InlineData(3, "-b 1024", true)]
    [InlineData(4, "-b 1024 -O ^metadata_csum", false)]
    [InlineData(5, "-b 2048 -I 128 -O ^metadata_csum,uninit_bg", true)]
    [InlineData(6, "-b 4096 -O orphan_file", true)]
    [InlineData(7, "-b 4096 -O ^dir_index,^filetype", false)]
    public void Random_operations_agree_with_a_model_and_e2fsck_finds_nothing(int seed, string options, bool usesJournal)
    {
        byte[] image = TestVolume.MakeImage("16M", options.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        var volume = new TestVolume(image, usesJournal);
        var root = new Node { Children = [], Links = 2 };
        var lostAndFound = new Node { Children = [], Links = 2, Parent = root };
        root.Children["lost+found"] = lostAndFound;
        root.Links++;
        var random = new Random(seed);
        for (int step = 0; step < 600; step++)
        {
            Step(volume, root, random);
            if (step % 100 == 99)
                AssertSame(volume, root, "/");
        }

        AssertSame(volume, root, "/");
        image = volume.Unmount();
        TestVolume.AssertClean(image);
        AssertSame(new TestVolume(image), root, "/");
    }

    private static void Step(TestVolume volume, Node root, Random random)
    {
        (string path, Node directory) = PickDirectory(root, random);
        string name = PickName(random);
        string full = path + name;
        directory.Children!.TryGetValue(name, out Node? there);
        switch (random.Next(10))
        {
            case 0 or 1 or 2:
                Expect(there is null ? Errno.None : Errno.EEXIST, () => volume.Create(full));
                if (there is null)
                    directory.Children.Add(name, new Node { Parent = directory });
                break;
            case 3:
                Expect(there is null ? Errno.None : Errno.EEXIST, () => volume.MakeDirectory(full));
                if (there is null)
                {
                    directory.Children.Add(name, new Node { Children = [], Links = 2, Parent = directory });
                    directory.Links++;
                }

                break;
            case 4 or 5:
                Expect(there is null ? Errno.ENOENT : there.IsDirectory ? Errno.EISDIR : Errno.None, () => volume.Unlink(full));
                if (there is { IsDirectory: false })
                {
                    directory.Children.Remove(name);
                    there.Links--;
                }

                break;
            case 6:
                Errno expected = there is null ? Errno.ENOENT
                    : !there.IsDirectory ? Errno.ENOTDIR
                    : there.Children!.Count > 0 ? Errno.ENOTEMPTY : Errno.None;
                Expect(expected, () => volume.RemoveDirectory(full));
                if (expected == Errno.None)
                {
                    directory.Children.Remove(name);
                    directory.Links--;
                }

                break;
            case 7:
                Link(volume, root, random, full, directory, name, there);
                break;
            default:
                Rename(volume, root, random, full, directory, name, there);
                break;
        }
    }

    private static void Link(TestVolume volume, Node root, Random random, string full, Node directory, string name, Node? there)
    {
        (string path, Node source) = PickDirectory(root, random);
        if (source.Children!.Count == 0)
            return;
        (string oldName, Node node) = source.Children.ElementAt(random.Next(source.Children.Count));
        Errno expected = there is not null ? Errno.EEXIST : node.IsDirectory ? Errno.EPERM : Errno.None;
        Expect(expected, () => volume.Link(path + oldName, full));
        if (expected != Errno.None)
            return;
        node.Links++;
        directory.Children!.Add(name, node);
    }

    private static void Rename(TestVolume volume, Node root, Random random, string full, Node directory, string name, Node? there)
    {
        (string path, Node source) = PickDirectory(root, random);
        if (source.Children!.Count == 0)
            return;
        (string oldName, Node node) = source.Children.ElementAt(random.Next(source.Children.Count));
        bool noReplace = random.Next(4) == 0;
        Errno expected = RenameErrno(source, node, directory, there, noReplace);
        Expect(expected, () => volume.Rename(path + oldName, full, noReplace ? RenameOptions.NoReplace : RenameOptions.None));
        if (expected != Errno.None || there == node)
            return;
        source.Children.Remove(oldName);
        directory.Children![name] = node;
        if (node.IsDirectory)
        {
            source.Links--;
            directory.Links += there is null ? 1 : 0;
            node.Parent = directory;
        }
        else if (there is not null)
        {
            there.Links--;
        }
    }

    private static Errno RenameErrno(Node source, Node node, Node directory, Node? there, bool noReplace)
    {
        if (there is not null && noReplace)
            return Errno.EEXIST;
        if (node.IsDirectory && IsInside(directory, node))
            return Errno.EINVAL;
        if (there is null || there == node)
            return Errno.None;
        if (IsInside(source, there))
            return Errno.ENOTEMPTY;
        if (node.IsDirectory != there.IsDirectory)
            return node.IsDirectory ? Errno.ENOTDIR : Errno.EISDIR;
        return there.IsDirectory && there.Children!.Count > 0 ? Errno.ENOTEMPTY : Errno.None;
    }

    private static bool IsInside(Node? directory, Node node)
    {
        for (; directory is not null; directory = directory.Parent)
        {
            if (directory == node)
                return true;
        }

        return false;
    }

    private static (string Path, Node Directory) PickDirectory(Node root, Random random)
    {
        (string path, Node at) = ("/", root);
        while (random.Next(3) > 0)
        {
            var below = at.Children!.Where(child => child.Value.IsDirectory).ToList();
            if (below.Count == 0)
                break;
            (string name, Node next) = below[random.Next(below.Count)];
            (path, at) = (path + name + "/", next);
        }

        return (path, at);
    }

    private static string PickName(Random random)
    {
        int number = random.Next(40);
        return number % 4 == 0 ? $"{number}-" + new string('x', 50 + (number * 4)) : number % 7 == 0 ? $"ä{number}€" : $"n{number}";
    }

    private static void Expect(Errno expected, Action action)
    {
        try
        {
            action();
        }
        catch (FileSystemException failure)
        {
            Assert.True(expected == failure.Errno, $"expected {expected}: {failure.Message}");
            return;
        }

        Assert.Equal(Errno.None, expected);
    }

    private static void AssertSame(TestVolume volume, Node node, string path)
    {
        Assert.Equal(node.Links, volume.With(path, inode => inode.LinksCount));
        if (!node.IsDirectory)
            return;
        var names = volume.List(path).Select(entry => entry.Name).Order(StringComparer.Ordinal).ToList();
        Assert.Equal(node.Children!.Keys.Order(StringComparer.Ordinal), names);
        foreach (DirectoryName entry in volume.List(path))
        {
            Node child = node.Children![entry.Name];
            string below = path + entry.Name;
            if (volume.Context.Geometry.HasFileType)
                Assert.Equal(child.IsDirectory ? FileType.Directory : FileType.Regular, entry.Type);
            Assert.Equal(entry.Inode, volume.With(below, inode => inode.Number));
            AssertSame(volume, child, child.IsDirectory ? below + "/" : below);
        }
    }
}
