namespace ExtShell.Engine.IO.Protocols;

/// <summary>The defects of <see cref="Ext4Dax2014"/> that can be turned on.</summary>
[Flags]
public enum Ext4Dax2014Switches
{
    /// <summary>The cured protocol.</summary>
    None = 0,

    /// <summary>BufferedFallback: where the volume is full midway, the rest of a write goes through the page cache.</summary>
    BufferedFallback = 1,

    /// <summary>FillHolesWritten: a hole inside the size is allocated written, and not made zero before.</summary>
    FillHolesWritten = 2,

    /// <summary>NoOrphan: an extending write does not put its inode on the orphan list.</summary>
    NoOrphan = 4,
}
