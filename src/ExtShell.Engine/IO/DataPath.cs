namespace ExtShell.Engine.IO;

/// <summary>How a protocol's data gets to the device.</summary>
public enum DataPath
{
    /// <summary>As bios: submitted, then ended.</summary>
    Bios,

    /// <summary>Copied to the device's memory (DAX): nothing is in flight when the copy is over.</summary>
    Memory,
}
