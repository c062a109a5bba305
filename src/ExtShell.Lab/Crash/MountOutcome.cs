namespace ExtShell.Lab.Crash;

/// <summary>How mounting a crash state went.</summary>
public enum MountOutcome
{
    /// <summary>Recovered and mounted.</summary>
    Mounted,

    /// <summary>Recovery failed, as the kernel would refuse the mount.</summary>
    RecoveryFailed,

    /// <summary>The image is damaged so that the mount is refused.</summary>
    MountRefused,
}
