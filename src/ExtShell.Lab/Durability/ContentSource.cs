using ExtShell.Engine.Devices;
using ExtShell.Lab.Crash;

namespace ExtShell.Lab.Durability;

/// <summary>Where bytes that are judged come from.</summary>
/// <param name="Origin">Who wrote them, as the device's log knows it.</param>
/// <param name="PhysicalBlock">The block that holds them; −1 if none does.</param>
/// <param name="Unmapped">What stands for them where no block holds them: a hole, unwritten blocks.</param>
/// <param name="Witness">The undecided cell and version; null if they are decided.</param>
internal readonly record struct ContentSource(Provenance Origin, long PhysicalBlock, string Unmapped, CellChoice? Witness);
