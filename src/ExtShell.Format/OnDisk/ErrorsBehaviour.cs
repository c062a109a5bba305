namespace ExtShell.Format.OnDisk;

/// <summary>What to do when an error is seen (<c>s_errors</c>).</summary>
public enum ErrorsBehaviour : ushort
{
    /// <summary>Not said; as continue.</summary>
    Unspecified = 0,

    /// <summary>Go on.</summary>
    Continue = 1,

    /// <summary>Go on read-only.</summary>
    RemountReadOnly = 2,

    /// <summary>Stop the system.</summary>
    Panic = 3,
}
