using ExtShell.Engine.Inodes;

namespace ExtShell.Engine.IO;

/// <summary>What a caller asks of a direct write.</summary>
/// <param name="Inode">The file.</param>
/// <param name="OffsetBytes">Where in the file, in bytes; of an append what the caller's position says, which counts for nothing.</param>
/// <param name="Bytes">What is written.</param>
/// <param name="Sync">What it promises.</param>
/// <param name="Call">The call that asks for it.</param>
/// <param name="IsAppend">Whether it goes to the end of the file (O_APPEND).</param>
/// <param name="IsNoWait">Whether it fails with EAGAIN rather than wait (RWF_NOWAIT).</param>
/// <param name="Caller">Who asks: any but root takes set-user-ID and set-group-ID away.</param>
public readonly record struct DirectRequest(
    Inode Inode, long OffsetBytes, ReadOnlyMemory<byte> Bytes, SyncKind Sync, int Call, bool IsAppend = false, bool IsNoWait = false,
    Caller Caller = default);
