using ExtShell.Check;
using ExtShell.Format.OnDisk;
using ExtShell.Lab.Crash;

namespace ExtShell.Lab.Durability;

/// <summary>A leaf of the exploration as the ledger looks at it.</summary>
internal sealed class StateVolume(RecoveredState state) : IRecoveredVolume
{
    public bool IsMounted => state is { Mount: MountOutcome.Mounted, Check: not null };

    public CutRange Cuts { get; } = state.Cuts;

    public int BlockSizeBytes => state.BlockSizeBytes;

    public TreeIdentity Identity => state.Check!.Tree.Identity;

    public IEnumerable<string> Paths() => state.Check!.Tree.Enumerate().Where(file => file.Path != "/").Select(file => file.Path);

    public bool TryFind(string path, out RecoveredInode inode)
    {
        if (state.Check?.Tree.Find(path) is not { } facts)
        {
            inode = default;
            return false;
        }

        inode = new RecoveredInode(facts.Number, facts.Kind == FileType.Directory, facts.SizeBytes, facts.LinkCount, facts.Runs)
        {
            Mode = facts.Mode, Owner = facts.Owner, Group = facts.Group, Flags = facts.Flags,
            Attributes = state.Check.Tree.Attributes(facts),
        };
        return true;
    }

    public int Content(long offsetBytes, int lengthBytes, List<ContentVersion> into) => state.Content(offsetBytes, lengthBytes, into);
}
