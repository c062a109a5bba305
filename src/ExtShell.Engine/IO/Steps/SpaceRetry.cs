using ExtShell.Format.Errors;

namespace ExtShell.Engine.IO.Steps;

/// <summary>
/// Space that a transaction freed can be had again once it has committed. Who finds the volume full commits, and tries again a bounded
/// number of times.
/// </summary>
internal static class SpaceRetry
{
    /// <summary>How often one request may try again.</summary>
    public const int Attempts = 3;

    /// <summary>Whether the error is one that a commit may cure, at this attempt (counted from 0).</summary>
    public static bool MayHelp(IoContext io, FileSystemException failed, int attempt) =>
        failed.Errno == Errno.ENOSPC && attempt < Attempts && io.Volume.Blocks.UncommittedFreeBlocksCount > 0;

    /// <summary>Commits what is running. No handle is open.</summary>
    public static ValueTask CommitAsync(IoContext io) => io.Journal.CommitAsync(io.Journal.RunningTransaction);
}
