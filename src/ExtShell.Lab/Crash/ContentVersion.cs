using ExtShell.Engine.Devices;

namespace ExtShell.Lab.Crash;

/// <summary>One content that a stretch of the device may hold after the cut.</summary>
/// <param name="Bytes">The bytes.</param>
/// <param name="Origin">Which write they come from.</param>
/// <param name="PossibleFrom">The first cut at which the device can hold it.</param>
/// <param name="Cell">The undecided cell it belongs to; −1 if the stretch is decided.</param>
/// <param name="Version">Its number in the cell.</param>
public readonly record struct ContentVersion(
    ReadOnlyMemory<byte> Bytes, Provenance Origin, int PossibleFrom, int Cell = -1, int Version = 0);
