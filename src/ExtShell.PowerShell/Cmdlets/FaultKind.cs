namespace ExtShell.PowerShell.Cmdlets;

/// <summary>What fails.</summary>
public enum FaultKind
{
    /// <summary>A write to the device.</summary>
    Write,

    /// <summary>A read from the device.</summary>
    Read,

    /// <summary>A flush of the device's cache.</summary>
    Flush,

    /// <summary>The conversion of unwritten blocks.</summary>
    Conversion,

    /// <summary>The stripping of privileges, and the update of times, before a write.</summary>
    Privileges,
}
