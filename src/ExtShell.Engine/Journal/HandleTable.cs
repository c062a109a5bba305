using ExtShell.Engine.Kernel;
using ExtShell.Format.Errors;

namespace ExtShell.Engine.Journal;

/// <summary>The open handles of a journal by thread, and those to be used again.</summary>
internal sealed class HandleTable(IJournal journal)
{
    private readonly List<Handle> _open = [];
    private readonly Stack<Handle> _spare = [];

    /// <summary>The handle of a thread.</summary>
    public Handle? Find(SimulatedThread? thread)
    {
        foreach (Handle handle in _open)
        {
            if (handle.Thread == thread)
                return handle;
        }

        return null;
    }

    public Handle Open(SimulatedThread? thread, TransactionId transaction, int credits, string what)
    {
        Handle handle = _spare.Count > 0 ? _spare.Pop() : new Handle(journal);
        handle.Thread = thread;
        handle.Transaction = transaction;
        handle.CreditsLeft = credits;
        handle.IsSync = false;
        handle.What = what;
        handle.NestingCount = 1;
        _open.Add(handle);
        return handle;
    }

    public void Close(Handle handle)
    {
        InvariantException.Require(_open.Remove(handle), "a handle is stopped once for each start");
        handle.NestingCount = 0;
        handle.Thread = null;
        _spare.Push(handle);
    }
}
