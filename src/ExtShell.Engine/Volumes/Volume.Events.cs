using ExtShell.Engine.Inodes;
using ExtShell.Format.Errors;

namespace ExtShell.Engine.Volumes;

// What happens to a volume without a caller: a scenario says when it does.
public sealed partial class Volume
{
    /// <summary>Drops what memory pressure would: pages that are clean, and inodes that nobody uses.</summary>
    public void DropCaches()
    {
        foreach (Inode inode in Inodes.Live())
        {
            if (inode.HasPages)
                inode.Pages.TryInvalidate(0, long.MaxValue);
        }

        Inodes.DropIdle();
    }

    /// <summary>
    /// Writes the dirty pages of all files back, as the kernel does by itself by and by: no call, and nobody is promised anything.
    /// </summary>
    /// <exception cref="FileSystemException">The volume is not mounted, or was shut down.</exception>
    public ValueTask WriteBackAsync() =>
        ByItselfAsync("write-back", static async parts => await parts.WriteFilesAsync(waitsForDirect: false));

    /// <summary>
    /// Commits the running transaction, as the journal does by itself every few seconds: no call, and nobody is promised anything.
    /// </summary>
    /// <exception cref="FileSystemException">The volume is not mounted, or was shut down.</exception>
    public ValueTask CommitAsync() =>
        ByItselfAsync("commit", static parts => parts.Context.Journal.CommitAsync(parts.Context.Journal.RunningTransaction));

    private async ValueTask ByItselfAsync(string what, Func<MountedParts, ValueTask> work)
    {
        RequireMounted(what);
        Enter();
        try
        {
            await work(_parts);
        }
        finally
        {
            Leave();
        }
    }
}
