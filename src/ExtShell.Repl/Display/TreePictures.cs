using System.Globalization;
using ExtShell.Check;
using ExtShell.Engine.Volumes;
using ExtShell.Format.Errors;
using ExtShell.Format.OnDisk;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace ExtShell.Repl.Display;

/// <summary>Volumes and their names as trees.</summary>
internal static class TreePictures
{
    private const int MostNames = 60;

    public static IRenderable Of(Volume volume)
    {
        var title = new Text(volume.ToString(), Colours.Title);
        if (!volume.IsMounted)
            return title;
        VolumeStatistics statistics = volume.GetStatistics();
        string space = string.Create(
            CultureInfo.InvariantCulture,
                $"{statistics.FreeBlocks:N0} of {statistics.TotalBlocks:N0} blocks of {statistics.BlockSizeBytes:N0} bytes free");
        var tree = new Tree(new Text("/", Colours.Title)) { Style = Colours.Dim };
        int left = MostNames;
        AddNames(volume, "/", tree, ref left);
        return new Rows(title, Pictures.Dim(space), tree);
    }

    public static IRenderable Of(VolumeTree tree)
    {
        var root = new Tree(new Text("/", Colours.Title)) { Style = Colours.Dim };
        var nodes = new Dictionary<string, IHasTreeNodes>(StringComparer.Ordinal) { ["/"] = root };
        foreach (TreeFile file in tree.Enumerate().Skip(1).Take(MostNames))
        {
            int slash = file.Path.LastIndexOf('/');
            IHasTreeNodes above = nodes.GetValueOrDefault(slash <= 0 ? "/" : file.Path[..slash], root);
            nodes[file.Path] = above.AddNode(Label(file.Path[(slash + 1)..], file.Inode.Kind == FileType.Directory, file.Inode.SizeBytes));
        }

        return root;
    }

    private static void AddNames(Volume volume, string folder, IHasTreeNodes above, ref int left)
    {
        try
        {
            foreach (DirectoryItem item in volume.ReadDirectory(folder))
            {
                if (left-- <= 0)
                {
                    above.AddNode(Pictures.Dim("…"));
                    return;
                }

                string path = folder == "/" ? "/" + item.Name : $"{folder}/{item.Name}";
                InodeStatus status = volume.Stat(path, followsLink: false);
                TreeNode node = above.AddNode(Label(item.Name, status.IsDirectory, status.SizeBytes));
                if (status.IsDirectory && item.Type == FileType.Directory)
                    AddNames(volume, path, node, ref left);
            }
        }
        catch (Exception failure) when (failure is FileSystemException or CorruptionException)
        {
            above.AddNode(new Text(failure.Message, Colours.Bad));
        }
    }

    private static IRenderable Label(string name, bool isDirectory, long sizeBytes)
    {
        var label = new Paragraph(name, isDirectory ? Colours.Title : Style.Plain);
        return isDirectory ? label.Append("/", Colours.Dim)
            : label.Append(string.Create(CultureInfo.InvariantCulture, $"  {sizeBytes:N0} bytes"), Colours.Dim);
    }
}
