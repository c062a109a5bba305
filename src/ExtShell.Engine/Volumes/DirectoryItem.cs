using ExtShell.Format.OnDisk;

namespace ExtShell.Engine.Volumes;

/// <summary>An entry of a directory.</summary>
/// <param name="Name">The name; bytes that are not UTF-8 are shown as <see cref="Inodes.FileName"/> says.</param>
/// <param name="Inode">The inode that it names.</param>
/// <param name="Type">The file type that the entry says; <see cref="FileType.Unknown"/> where the volume does not store it.</param>
public readonly record struct DirectoryItem(string Name, uint Inode, FileType Type);
