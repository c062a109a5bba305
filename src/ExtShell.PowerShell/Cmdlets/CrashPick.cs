namespace ExtShell.PowerShell.Cmdlets;

/// <summary>Which of the states that a disk can be in after a power cut.</summary>
public enum CrashPick
{
    /// <summary>By chance, from a seed.</summary>
    Sample,

    /// <summary>Nothing undecided reached the disk.</summary>
    Oldest,

    /// <summary>Everything submitted reached the disk.</summary>
    Newest,
}
