namespace ExtShell.Format.OnDisk;

/// <summary>The type in a directory entry (<c>file_type</c>).</summary>
public enum FileType : byte
{
    /// <summary>Not known: without filetype.</summary>
    Unknown = 0,

    /// <summary>Regular file.</summary>
    Regular = 1,

    /// <summary>Directory.</summary>
    Directory = 2,

    /// <summary>Character device.</summary>
    CharacterDevice = 3,

    /// <summary>Block device.</summary>
    BlockDevice = 4,

    /// <summary>Named pipe.</summary>
    Fifo = 5,

    /// <summary>Socket.</summary>
    Socket = 6,

    /// <summary>Symbolic link.</summary>
    SymbolicLink = 7,

    /// <summary>Not an entry: the tail with the checksum.</summary>
    DirectoryTail = 0xDE,
}
