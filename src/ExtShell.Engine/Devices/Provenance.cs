namespace ExtShell.Engine.Devices;

/// <summary>Where bytes on the device came from.</summary>
/// <param name="Kind">Why they were written.</param>
/// <param name="Inode">The file, for data; 0 otherwise.</param>
/// <param name="FileOffsetBytes">Where in the file the write began.</param>
/// <param name="Call">The number of the call that wrote them, as the volume's observer knows it; −1 for none.</param>
public readonly record struct Provenance(ProvenanceKind Kind, uint Inode = 0, long FileOffsetBytes = 0, int Call = -1);
