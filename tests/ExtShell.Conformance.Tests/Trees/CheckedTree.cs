using System.Security.Cryptography;
using System.Text;
using ExtShell.Check;
using ExtShell.Format.Layout;
using ExtShell.Format.OnDisk;
using ExtShell.Format.Sources;

namespace ExtShell.Conformance.Tests.Trees;

/// <summary>The tree of an image as ExtShell's checker reads it, without mounting.</summary>
internal static class CheckedTree
{
    /// <summary>Reads the image; its journal must be empty.</summary>
    public static FileTree Read(IByteSource image)
    {
        VolumeGeometry geometry = VolumeGeometry.Read(image);
        return new FileTree(ImageChecker.Check(image).Tree.Enumerate().Select(file => FactsOf(image, geometry, file)));
    }

    private static FileFacts FactsOf(IByteSource image, VolumeGeometry geometry, TreeFile file)
    {
        InodeFacts inode = file.Inode;
        (string content, string blocks) = inode.Kind switch
        {
            FileType.Regular => (Convert.ToHexStringLower(SHA256.HashData(Content(image, geometry, inode))), BlocksOf(inode)),
            FileType.SymbolicLink =>
                (Encoding.UTF8.GetString(inode.InlineBytes.IsEmpty ? Content(image, geometry, inode) : inode.InlineBytes), ""),
            _ => ("", ""),
        };
        return new FileFacts(file.Path, inode.Mode, inode.LinkCount, inode.SizeBytes, content, blocks);
    }

    private static byte[] Content(IByteSource image, VolumeGeometry geometry, InodeFacts inode)
    {
        var content = new byte[inode.SizeBytes];
        foreach (MappedRun run in inode.Runs)
        {
            long offset = geometry.BlockOffsetBytes(run.LogicalBlock);
            if (!run.IsWritten || offset >= content.Length)
                continue;
            int length = (int)Math.Min(geometry.BlockOffsetBytes(run.LengthBlocks), content.Length - offset);
            image.Read(geometry.BlockOffsetBytes(run.PhysicalBlock), length).CopyTo(content.AsSpan((int)offset));
        }

        return content;
    }

    private static string BlocksOf(InodeFacts inode)
    {
        var runs = new BlockRuns();
        foreach (MappedRun run in inode.Runs)
            runs.Add(run.LogicalBlock, run.LengthBlocks, run.IsWritten);
        return runs.ToString();
    }
}
