using ExtShell.Format.Errors;
using ExtShell.Format.OnDisk;

namespace ExtShell.Engine.Inodes;

public sealed partial class OrphanList
{
    /// <summary>
    /// After journal recovery: truncates the orphans that have a name to their disk size and deletes the others, newest first, as the
    /// kernel does. All of the list is read and checked before anything is changed.
    /// </summary>
    /// <exception cref="CorruptionException">The list is damaged: a loop, a number that is no file's, an inode that is free or cannot be
    /// an orphan.</exception>
    public async ValueTask<OrphanReport> RecoverAsync()
    {
        InvariantException.Require(IsEmpty, "orphans are recovered before any is made");
        var orphans = new List<Inode>();
        ReadChain(orphans);
        if (_context.SuperBlock.Value.Has(ReadOnlyCompatibleFeatures.OrphanPresent))
            ReadFile(orphans);
        int truncated = 0;
        foreach (Inode inode in orphans)
        {
            if (inode.LinksCount > 0)
            {
                await _inodes.Truncation.ToSizeAsync(inode);
                truncated++;
            }

            await _inodes.ReleaseAsync(inode);
        }

        return new OrphanReport(truncated, orphans.Count - truncated);
    }

    /// <summary>The chain can be no longer than there are inodes, because no inode is in it twice.</summary>
    private void ReadChain(List<Inode> orphans)
    {
        uint number = _context.SuperBlock.Value.LastOrphan;
        for (Inode? before = null; number != 0;)
        {
            Inode inode = before is null
                ? Check(number, "superblock", "s_last_orphan", null)
                : Check(number, before.ToString(), "i_dtime", before);
            inode.OrphanNode = _chain.AddLast(inode);
            orphans.Add(inode);
            before = inode;
            number = inode.Record.DeletionTime;
        }
    }

    private void ReadFile(List<Inode> orphans)
    {
        if (File is not { } file)
            return;
        foreach ((uint number, int slot) in file.Read())
        {
            Inode inode = Check(number, "orphan file", $"slot {slot}", null);
            inode.OrphanSlot = slot;
            FileCount++;
            orphans.Add(inode);
        }
    }

    private Inode Check(uint number, string structure, string field, Inode? where)
    {
        if (number < _context.Geometry.FirstInode || !_context.Geometry.IsInode(number))
            throw Wrong($"{_context.Geometry.FirstInode} to {_context.Geometry.InodesCount}", $"{number}");
        if (!_context.Inodes.IsUsed(number))
            throw Wrong("an inode that is in use", $"inode {number}, which is free");
        Inode inode = _inodes.GetReserved(number);
        if (inode.IsOrphan)
            throw Wrong("an inode that is not on the orphan list yet", $"inode {number} again");
        if (inode.LinksCount > 0 && !inode.HasMap)
            throw Wrong("an inode that can be truncated or deleted", $"{inode}, of mode {inode.Mode}");
        inode.IsOrphan = true;
        return inode;

        CorruptionException Wrong(string expected, string found) =>
            new(where?.ImageOffsetBytes ?? SuperBlock.OffsetBytes, structure, field, expected, found);
    }
}
