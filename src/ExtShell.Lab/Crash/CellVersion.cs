using ExtShell.Engine.Devices;

namespace ExtShell.Lab.Crash;

/// <summary>One version of a cell.</summary>
/// <param name="Bytes">What the cell holds.</param>
/// <param name="Origin">Who wrote it.</param>
/// <param name="PossibleFrom">The first cut at which the device can hold it.</param>
/// <param name="BioIndex">The write's number in the log; −1 for what was durable before.</param>
public readonly record struct CellVersion(ReadOnlyMemory<byte> Bytes, Provenance Origin, int PossibleFrom, int BioIndex);
