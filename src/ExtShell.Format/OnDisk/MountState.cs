namespace ExtShell.Format.OnDisk;

/// <summary>State of the volume (<c>s_state</c>).</summary>
[Flags]
public enum MountState : ushort
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>EXT4_VALID_FS: unmounted cleanly.</summary>
    Clean = 0x01,

    /// <summary>EXT4_ERROR_FS: errors were seen.</summary>
    Errors = 0x02,

    /// <summary>EXT4_ORPHAN_FS: orphans are being recovered.</summary>
    Orphans = 0x04,

    /// <summary>EXT4_FC_REPLAY: fast commits are being replayed.</summary>
    FastCommitReplay = 0x20,
}
