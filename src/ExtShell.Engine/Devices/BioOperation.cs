namespace ExtShell.Engine.Devices;

/// <summary>What a block I/O asks of the device.</summary>
public enum BioOperation
{
    /// <summary>Read into the bio's memory.</summary>
    Read,

    /// <summary>Write the bio's memory.</summary>
    Write,

    /// <summary>Make durable what had completed when this was submitted.</summary>
    Flush,

    /// <summary>Make the range read as zeroes (a discard or a write-zeroes).</summary>
    WriteZeroes,
}
