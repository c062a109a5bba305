using ExtShell.Format.OnDisk;

namespace ExtShell.Engine.Inodes;

/// <summary>What a new inode shall be.</summary>
/// <param name="Mode">Type and permissions.</param>
/// <param name="Owner">The owner's id.</param>
/// <param name="Group">The group's id; a parent directory with the set-group-ID bit overrides it, as on Linux.</param>
public readonly record struct NewInode(InodeMode Mode, uint Owner = 0, uint Group = 0);
