namespace ExtShell.Engine.IO.Protocols;

/// <summary>The defects of <see cref="Ext3Indirect"/> that can be turned on.</summary>
[Flags]
public enum Ext3IndirectSwitches
{
    /// <summary>The cured protocol.</summary>
    None = 0,

    /// <summary>ExtendingAioReturns: an extending asynchronous write returns from submission, and the sizes are raised there.</summary>
    ExtendingAioReturns = 1,

    /// <summary>FillHolesWritten: a hole inside the size is allocated, and written directly.</summary>
    FillHolesWritten = 2,

    /// <summary>NoOrphan: an extending write does not put its inode on the orphan list.</summary>
    NoOrphan = 4,
}
