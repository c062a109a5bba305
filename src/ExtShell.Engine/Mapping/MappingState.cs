namespace ExtShell.Engine.Mapping;

/// <summary>What a block of a file is.</summary>
public enum MappingState
{
    /// <summary>No block of the volume belongs to it; it reads as zeroes.</summary>
    Hole,

    /// <summary>Its content is on the volume.</summary>
    Written,

    /// <summary>A block belongs to it, but it reads as zeroes until it is converted, whatever the device holds.</summary>
    Unwritten,
}
