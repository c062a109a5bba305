using ExtShell.Engine.Inodes;
using ExtShell.Engine.Kernel;
using ExtShell.Format.Errors;

namespace ExtShell.Engine.IO.Steps;

/// <summary>Direct writes whose data is on the device, on the volume's queue of direct completions: its worker converts them.</summary>
/// <param name="io">The volume.</param>
/// <param name="convert">Converts a write that its submitter waits for; others go on by <see cref="DirectWrite.RunAsync"/>.</param>
/// <param name="holdsInodes">Whether an item holds a reference of its inode.</param>
internal sealed class ConversionQueue(IoContext io, Func<DirectWrite, ValueTask> convert, bool holdsInodes)
{
    private readonly Stack<QueuedConversion> _free = new();

    /// <summary>An item for a write, to be queued; it has its reference from now on.</summary>
    public QueuedConversion Take(DirectWrite write)
    {
        if (!_free.TryPop(out QueuedConversion? item))
            item = new QueuedConversion(this, io.Machine);
        item.Begin(write);
        if (holdsInodes)
            io.Inodes.Retain(write.Inode);
        return item;
    }

    /// <summary>Queues a write and waits until the worker has converted it; errors are noted in the write.</summary>
    public async ValueTask ConvertAsync(DirectWrite write)
    {
        QueuedConversion item = Take(write);
        io.DirectCompletions.Enqueue(item);
        await item.DoneAsync();
        _free.Push(item);
    }

    /// <summary>What the worker does of an item.</summary>
    internal async ValueTask RunAsync(QueuedConversion item, DirectWrite write)
    {
        Inode inode = write.Inode;
        bool isWaitedFor = write.MustWait;
        try
        {
            await (isWaitedFor ? convert(write) : write.RunAsync());
        }
        catch (FileSystemException failed)
        {
            write.Fail(failed.Errno);
        }

        if (holdsInodes)
            await io.Inodes.ReleaseAsync(inode); // the last one deletes an inode that was unlinked meanwhile
        if (!isWaitedFor)
            _free.Push(item);
    }
}

/// <summary>One write on the conversion queue.</summary>
internal sealed class QueuedConversion : IWorkItem
{
    private readonly ConversionQueue _queue;
    private readonly WaitCondition _done;
    private DirectWrite _write = null!;
    private bool _isDone;

    internal QueuedConversion(ConversionQueue queue, Machine machine)
    {
        _queue = queue;
        _done = new WaitCondition(machine, WaitKind.WorkQueue, "a conversion", () => _isDone);
    }

    /// <inheritdoc/>
    public async ValueTask RunAsync()
    {
        await _queue.RunAsync(this, _write);
        _isDone = true;
    }

    internal void Begin(DirectWrite write) => (_write, _isDone) = (write, false);

    internal Wait DoneAsync() => _done.WaitAsync();
}
