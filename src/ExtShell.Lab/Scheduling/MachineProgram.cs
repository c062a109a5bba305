using ExtShell.Engine.Kernel;

namespace ExtShell.Lab.Scheduling;

/// <summary>
/// A program of one's own, for searching its schedules: <paramref name="Begin"/> spawns its threads on a machine and returns what
/// is to be asked when they have ended.
/// The program must be a function of the schedule; shared state that threads change between scheduling points is touched
/// (<see cref="Machine.Touch(object, AccessKind)"/>)
/// if it is searched exhaustively.
/// </summary>
/// <param name="Name">Its name.</param>
/// <param name="Begin">Makes a run: called for each schedule, side by side.</param>
public sealed record MachineProgram(string Name, Func<Machine, MachineProgramEnd> Begin);

/// <summary>What is asked when a program's threads have ended.</summary>
/// <param name="State">The final state in words: runs with equal words count as one.</param>
/// <param name="Objection">What is wrong with it; null if nothing is.</param>
public sealed record MachineProgramEnd(Func<string> State, Func<string?> Objection);
