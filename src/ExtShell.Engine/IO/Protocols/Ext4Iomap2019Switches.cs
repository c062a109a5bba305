namespace ExtShell.Engine.IO.Protocols;

/// <summary>The defects of <see cref="Ext4Iomap2019"/> that can be turned on.</summary>
[Flags]
public enum Ext4Iomap2019Switches
{
    /// <summary>The cured protocol.</summary>
    None = 0,

    /// <summary>PrivilegeErrorIsZero: an error of stripping privileges or updating times comes back as 0 bytes and no error.</summary>
    PrivilegeErrorIsZero = 1,

    /// <summary>PrivilegesBeforeImmutable: privileges are stripped and times updated before EPERM is found.</summary>
    PrivilegesBeforeImmutable = 2,

    /// <summary>OffsetBeforeChecks: the write is judged by an offset that was read before O_APPEND set it.</summary>
    OffsetBeforeChecks = 4,

    /// <summary>FallbackLosesCount: the direct part's count is lost when the buffered part fails.</summary>
    FallbackLosesCount = 8,

    /// <summary>NowaitAllocates: an allocating write with NOWAIT waits and writes.</summary>
    NowaitAllocates = 16,

    /// <summary>UnalignedNotSerialised: unaligned writes are not alone in their blocks (57a0da28ced8, 372a03e01853).</summary>
    UnalignedNotSerialised = 32,

    /// <summary>FailedExtensionStays: what a failed extending write allocated stays, and the inode stays on the orphan list.</summary>
    FailedExtensionStays = 64,

    /// <summary>FillHolesWritten: a hole inside the size is allocated written.</summary>
    FillHolesWritten = 128,

    /// <summary>NoOrphan: blocks past the size are allocated without the orphan list.</summary>
    NoOrphan = 256,
}
