namespace ExtShell.Engine.Inodes;

/// <summary>Where a path ends.</summary>
/// <param name="Directory">The directory in which its last part was looked up.</param>
/// <param name="Kind">What the last part is.</param>
/// <param name="Name">The last part's bytes, if it is a name.</param>
/// <param name="Target">The inode that it names; 0 if there is no such name.</param>
/// <param name="HasSlash">Whether a slash is behind the last part.</param>
internal readonly record struct PathEnd(uint Directory, PathEndKind Kind, byte[] Name, uint Target, bool HasSlash);
