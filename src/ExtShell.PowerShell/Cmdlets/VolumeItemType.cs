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
}
