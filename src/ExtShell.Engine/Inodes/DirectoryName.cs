using ExtShell.Format.OnDisk;

namespace ExtShell.Engine.Inodes;

/// <summary>A name in a directory, copied out of its block.</summary>
/// <param name="Inode">The inode's number.</param>
/// <param name="Type">The type that the entry holds; unknown on volumes without filetype.</param>
/// <param name="NameBytes">The name's bytes.</param>
public readonly record struct DirectoryName(uint Inode, FileType Type, ReadOnlyMemory<byte> NameBytes)
{
    /// <summary>The name as text: see <see cref="FileName"/>.</summary>
    public string Name => FileName.Decode(NameBytes.Span);
}
