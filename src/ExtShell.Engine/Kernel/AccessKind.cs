namespace ExtShell.Engine.Kernel;

/// <summary>
/// How a step touches a resource. Two accesses of one resource conflict unless they are of the same kind, and that is not
/// <see cref="Write"/>.
/// </summary>
public enum AccessKind
{
    /// <summary>Looks at it: commutes with other looks.</summary>
    Read,

    /// <summary>Changes it in a way that commutes with other such changes (a count goes up or down), but not with a look.</summary>
    Mark,

    /// <summary>Changes it.</summary>
    Write,
}
