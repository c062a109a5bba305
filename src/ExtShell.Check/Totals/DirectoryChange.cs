using ExtShell.Check.Facts;

namespace ExtShell.Check.Totals;

/// <summary>
/// Compares a directory before and after, and tells only the entries that differ: blocks taken over, and what is equal at a block's
/// beginning and end, are passed over.
/// </summary>
internal static class DirectoryChange
{
    /// <summary>What is told of each entry, and of each "." and "..".</summary>
    public interface ISink
    {
        void AddName(NameReference name);

        void RemoveName(NameReference name);

        /// <summary>A "." or ".." leads to the inode, or does so no more.</summary>
        void ChangeDots(uint inode, int delta);
    }

    public static void Tell<TSink>(uint directory, DirectoryFacts? before, DirectoryFacts? after, TSink sink)
        where TSink : ISink
    {
        ReadOnlySpan<DirectoryBlockFacts> old = before is null ? [] : before.Blocks;
        ReadOnlySpan<DirectoryBlockFacts> now = after is null ? [] : after.Blocks;
        int i = 0;
        int j = 0;
        while (i < old.Length || j < now.Length)
        {
            if (j == now.Length || (i < old.Length && old[i].LogicalBlock < now[j].LogicalBlock))
                Tell(directory, old[i++], null, sink);
            else if (i == old.Length || now[j].LogicalBlock < old[i].LogicalBlock)
                Tell(directory, null, now[j++], sink);
            else
                Tell(directory, old[i++], now[j++], sink);
        }
    }

    private static void Tell<TSink>(uint directory, DirectoryBlockFacts? old, DirectoryBlockFacts? now, TSink sink)
        where TSink : ISink
    {
        if (ReferenceEquals(old, now))
            return;
        TellDots(old?.DotInode ?? 0, now?.DotInode ?? 0, sink);
        TellDots(old?.DotDotInode ?? 0, now?.DotDotInode ?? 0, sink);
        int oldEnd = old?.Entries.Length ?? 0;
        int nowEnd = now?.Entries.Length ?? 0;
        int begin = 0;
        if (old is not null && now is not null && old.PhysicalBlock == now.PhysicalBlock)
        {
            while (begin < Math.Min(oldEnd, nowEnd) && IsSame(old, begin, now, begin))
                begin++;
            while (Math.Min(oldEnd, nowEnd) > begin && IsSame(old, oldEnd - 1, now, nowEnd - 1))
                (oldEnd, nowEnd) = (oldEnd - 1, nowEnd - 1);
        }

        for (int i = begin; i < oldEnd; i++)
            sink.RemoveName(new NameReference(directory, old!, i));
        for (int i = begin; i < nowEnd; i++)
            sink.AddName(new NameReference(directory, now!, i));
    }

    private static void TellDots<TSink>(uint old, uint now, TSink sink)
        where TSink : ISink
    {
        if (old == now)
            return;
        if (old != 0)
            sink.ChangeDots(old, -1);
        if (now != 0)
            sink.ChangeDots(now, 1);
    }

    private static bool IsSame(DirectoryBlockFacts left, int i, DirectoryBlockFacts right, int j)
    {
        ref readonly DirectoryName a = ref left.Entries[i];
        ref readonly DirectoryName b = ref right.Entries[j];
        return a.Inode == b.Inode && a.FileType == b.FileType && a.OffsetBytes == b.OffsetBytes
            && left.NameOf(a).SequenceEqual(right.NameOf(b));
    }
}
