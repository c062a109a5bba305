using ExtShell.Engine.Inodes;
using ExtShell.Format.Errors;

namespace ExtShell.Engine.IO.Steps;

/// <summary>
/// What is done of the completed I/O of an inode, by the worker and by who flushes alike: (A) all that is listed is taken, (B) each is
/// converted, (C) the flags of all are cleared, (D) each is completed and free.
/// </summary>
/// <remarks>
/// (1) From A to D an item is its taker's alone: nobody else reaches it, asserted at every step.
/// (2) The inode's counts drop in B, as each is converted or has failed: who waits for them need not wait for C and D.
/// (3) The inode's reference goes last, in D: it may be the one that deletes the inode.
/// </remarks>
/// <param name="io">The volume.</param>
/// <param name="work">What the worker does when it is given a list.</param>
/// <param name="keepsErrors">Whether a failed conversion is the inode's error, and its pages are dirty again.</param>
internal sealed class CompletedIoWork(IoContext io, Func<CompletedIoList, ValueTask> work, bool keepsErrors)
{
    private readonly Stack<CompletedIo> _freeItems = new();
    private readonly Stack<List<CompletedIo>> _freeLists = new();

    /// <summary>The list of an inode; made when it is first asked for.</summary>
    public CompletedIoList ListOf(Inode inode)
    {
        if (inode.ProtocolState is CompletedIoList list)
            return list;
        list = new CompletedIoList(io.Machine, inode, work);
        inode.ProtocolState = list;
        return list;
    }

    /// <summary>End-of-I/O of a direct write that nobody waits for.</summary>
    public void List(DirectWrite write) => List(Take().Begin(write));

    /// <summary>End-of-I/O of a write-back of pages.</summary>
    public void List(PageWrite write) => List(Take().Begin(write));

    /// <summary>Converts and completes all that is listed now.</summary>
    /// <returns>The first error that was met.</returns>
    public async ValueTask<Errno> DrainAsync(CompletedIoList list)
    {
        if (list.IsEmpty)
            return Errno.None;
        List<CompletedIo> taken = await ConvertListedAsync(list);
        Errno error = taken.Find(static item => item.ConversionError != Errno.None)?.ConversionError ?? Errno.None;
        await CompleteAsync(taken);
        return error;
    }

    /// <summary>A to C.</summary>
    /// <returns>What was taken, to be completed.</returns>
    public async ValueTask<List<CompletedIo>> ConvertListedAsync(CompletedIoList list)
    {
        List<CompletedIo> taken = list.TakeAll(_freeLists.TryPop(out List<CompletedIo>? empty) ? empty : []); // A
        foreach (CompletedIo item in taken)
            item.GiveTo(io.Machine.Current);
        await io.Machine.Yield(list.TakenText);
        foreach (CompletedIo item in taken)
            await ConvertAsync(list, item); // B
        await io.Machine.Yield(list.ConvertedText);
        foreach (CompletedIo item in taken)
        {
            item.RequireOwner(io.Machine.Current); // (1)
            item.ClearFlag(); // C
        }

        return taken;
    }

    /// <summary>D.</summary>
    public async ValueTask CompleteAsync(List<CompletedIo> taken)
    {
        foreach (CompletedIo item in taken)
        {
            item.RequireOwner(io.Machine.Current); // (1)
            Inode inode = item.Inode;
            await item.CompleteAsync(); // D
            _freeItems.Push(item);
            await io.Inodes.ReleaseAsync(inode); // (3)
        }

        taken.Clear();
        _freeLists.Push(taken);
    }

    private async ValueTask ConvertAsync(CompletedIoList list, CompletedIo item)
    {
        item.RequireOwner(io.Machine.Current); // (1)
        try
        {
            if (item.Error == Errno.None)
                await item.ConvertAsync(io);
        }
        catch (FileSystemException failed)
        {
            Fail(list, item, failed.Errno);
        }
        catch (CorruptionException)
        {
            Fail(list, item, Errno.EUCLEAN);
        }

        if (item.IsPages)
            list.CountPages(-1); // (2)
        else
            list.CountDirect(-1);
    }

    private void Fail(CompletedIoList list, CompletedIo item, Errno error)
    {
        item.Fail(error);
        if (!keepsErrors)
            return;
        list.NoteFailure(error, isTold: !item.IsPages);
        item.MakeDirtyAgain();
    }

    private void List(CompletedIo item)
    {
        CompletedIoList list = ListOf(item.Inode);
        if (list.Add(item))
            io.DirectCompletions.Enqueue(list);
    }

    private CompletedIo Take() => _freeItems.TryPop(out CompletedIo? item) ? item : new CompletedIo();
}
