using ExtShell.Format.OnDisk;

namespace ExtShell.Check.Facts;

/// <summary>An entry of a directory block; its name is in the block's <see cref="DirectoryBlockFacts.Names"/>.</summary>
internal readonly record struct DirectoryName(uint Inode, int NameStart, byte NameLength, FileType FileType, ushort OffsetBytes);
