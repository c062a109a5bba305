namespace ExtShell.PowerShell.Cmdlets;

/// <summary>What New-VolumeItem makes.</summary>
public enum VolumeItemType
{
    /// <summary>An empty regular file.</summary>
    File,

    /// <summary>An empty directory.</summary>
    Directory,

    /// <summary>A second name of a file.</summary>
    HardLink,

    /// <summary>A symbolic link.</summary>
    SymbolicLink,

    /// <summary>A named pipe.</summary>
    Fifo,

    /// <summary>A socket's name.</summary>
    Socket,

    /// <summary>A device that is read byte by byte.</summary>
    CharacterDevice,

    /// <summary>A device that has blocks.</summary>
    BlockDevice,
}
