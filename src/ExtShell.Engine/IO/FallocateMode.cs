namespace ExtShell.Engine.IO;

/// <summary>What <c>fallocate(2)</c> does to the range.</summary>
public enum FallocateMode
{
    /// <summary>Allocates its holes, unwritten.</summary>
    Allocate = 0,

    /// <summary>FALLOC_FL_PUNCH_HOLE: frees its blocks, so that it reads as zeroes; the size stays.</summary>
    PunchHole = 1,

    /// <summary>FALLOC_FL_ZERO_RANGE: makes it read as zeroes, allocated.</summary>
    ZeroRange = 2,

    /// <summary>FALLOC_FL_COLLAPSE_RANGE: takes it out of the file; what follows moves up to its place.</summary>
    CollapseRange = 3,

    /// <summary>FALLOC_FL_INSERT_RANGE: puts a hole of its length there; what follows moves behind it.</summary>
    InsertRange = 4,
}
