namespace ExtShell.Engine.IO.Protocols;

/// <summary>The defects of <see cref="XfsStyle"/> that can be turned on.</summary>
[Flags]
public enum XfsStyleSwitches
{
    /// <summary>The cured protocol.</summary>
    None = 0,

    /// <summary>InMemorySizeBeforeConversion: readers see the new size while its blocks still read as zeroes (ee70daaba82d).</summary>
    InMemorySizeBeforeConversion = 1,

    /// <summary>FillHolesWritten: a hole inside the size is allocated written.</summary>
    FillHolesWritten = 2,

    /// <summary>NoOrphan: changes nothing, since no orphan list is kept.</summary>
    NoOrphan = 4,
}
