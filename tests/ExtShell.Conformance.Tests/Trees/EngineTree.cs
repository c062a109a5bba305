using System.Security.Cryptography;
using System.Text;
using ExtShell.Engine.Inodes;
using ExtShell.Engine.Mapping;
using ExtShell.Engine.Volumes;
using ExtShell.Format.Layout;
using ExtShell.Format.OnDisk;

namespace ExtShell.Conformance.Tests.Trees;

/// <summary>The tree of a volume as the engine, which has it mounted, shows it.</summary>
internal static class EngineTree
{
    private const int ChunkSizeBytes = 1 << 20;
    private const long LargestWholeFileBytes = 1 << 30;

    /// <summary>Walks the volume.</summary>
    public static FileTree Read(Volume volume, bool withAttributes = false)
    {
        var files = new List<FileFacts>();
        Walk(volume, "/", InodeNumbers.Root, withAttributes, files);
        return new FileTree(files);
    }

    private static void Walk(Volume volume, string path, uint number, bool withAttributes, List<FileFacts> files)
    {
        FileFacts facts = FactsOf(volume, path, number, withAttributes);
        files.Add(facts);
        if ((facts.Mode & InodeMode.TypeMask) != InodeMode.Directory)
            return;
        foreach (DirectoryItem item in volume.ReadDirectory(path))
            Walk(volume, path == "/" ? "/" + item.Name : path + "/" + item.Name, item.Inode, withAttributes, files);
    }

    private static FileFacts FactsOf(Volume volume, string path, uint number, bool withAttributes)
    {
        Inode inode = volume.Inodes.Get(number);
        (string content, string blocks) = (inode.Mode & InodeMode.TypeMask) switch
        {
            InodeMode.Regular => Content(volume, path, inode),
            InodeMode.SymbolicLink => (Encoding.UTF8.GetString(new SymbolicLinks(volume.Context).Read(inode)), ""),
            _ => ("", ""),
        };
        var facts = new FileFacts(path, inode.Mode, inode.LinksCount, inode.SizeBytes, content, blocks)
        {
            Others = withAttributes
                ? FileFacts.DescribeOthers(inode.Owner, inode.Group, inode.IsRegular || inode.IsDirectory ? inode.Flags : InodeFlags.None,
                    inode.IsDevice ? DeviceNumber.Read(inode.Root) : default)
                : "",
            Attributes = withAttributes
                ? FileFacts.Describe(
                    volume.Inodes.Attributes.List(inode).Select(name => (name, volume.Inodes.Attributes.Get(inode, name)!)))
                : "",
        };
        volume.Machine.Run(() => volume.Inodes.ReleaseAsync(inode));
        return facts;
    }

    /// <summary>
    /// Of a file too large to be read whole, only what is mapped, with where it stands: comparable with what is read here alone.
    /// </summary>
    private static (string Hash, string Blocks) Content(Volume volume, string path, Inode inode)
    {
        using FileHandle file = volume.Open(path, OpenOptions.ReadOnly);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        if (inode.SizeBytes <= LargestWholeFileBytes)
            Read(file, 0, inode.SizeBytes, hash);
        var runs = new BlockRuns();
        foreach (BlockMapping mapping in file.GetExtents().Where(mapping => mapping.IsMapped))
        {
            runs.Add(mapping.LogicalBlock, mapping.LengthBlocks, mapping.State == MappingState.Written);
            if (inode.SizeBytes <= LargestWholeFileBytes)
                continue;
            for (int i = 0; i < mapping.LengthBlocks; i++)
            {
                long offset = volume.Context.Geometry.BlockOffsetBytes(mapping.LogicalBlock + i);
                hash.AppendData(BitConverter.GetBytes(offset));
                Read(file, offset, volume.Context.Geometry.BlockSizeBytes, hash);
            }
        }

        return (Convert.ToHexStringLower(hash.GetHashAndReset()), runs.ToString());
    }

    private static void Read(FileHandle file, long offset, long length, IncrementalHash hash)
    {
        for (long end = offset + length; offset < end; offset += ChunkSizeBytes)
            hash.AppendData(file.ReadBuffered(offset, (int)Math.Min(ChunkSizeBytes, end - offset)));
    }
}
