namespace ExtShell.Lab.Crash;

/// <summary>Which version a cell holds in a crash state.</summary>
/// <param name="Cell">The cell's number in its epoch.</param>
/// <param name="Version">The version's number in the cell.</param>
public readonly record struct CellChoice(int Cell, int Version);
