using ExtShell.Engine.Mapping;

namespace ExtShell.Engine.IO.Steps;

/// <summary>
/// Whether FUA, which makes only its own data durable, is all that O_DSYNC needs: of pure overwrites of which neither mapping nor size is
/// dirty in memory.
/// </summary>
internal static class ForcedWrites
{
    /// <summary>Whether the data of this mapping may go out by FUA in place of a sync.</summary>
    public static bool MayReplaceSync(IoContext io, DirectWrite write, in WriteMapping mapping)
    {
        if (write.Sync != SyncKind.DataSync || mapping.IsNew || mapping.Blocks.State != MappingState.Written)
            return false;
        return !SizeExtension.IsNeeded(write) && io.Journal.IsCommitted(write.Inode.DataSyncTransaction);
    }
}
