namespace ExtShell.Engine.Kernel;

/// <summary>A queue with one worker thread, first in first out. Items may be added from interrupt context.</summary>
public sealed class WorkQueue : IFootprint
{
    private readonly Machine _machine;
    private readonly Queue<IWorkItem> _items = new();
    private readonly WaitCondition _hasItems;
    private readonly WaitCondition _isIdle;
    private readonly string _name;
    private IWorkItem? _running;

    /// <summary>Makes the queue and its worker.</summary>
    public WorkQueue(Machine machine, string name)
    {
        (_machine, _name) = (machine, name);
        _hasItems = new WaitCondition(machine, WaitKind.WorkQueue, name + " to have work", () => _items.Count > 0, this);
        _isIdle = new WaitCondition(machine, WaitKind.WorkQueue, name + " to drain", () => IsIdle, this);
        machine.Spawn(name, WorkAsync, ExecutionContextKind.Worker);
    }

    /// <inheritdoc/>
    public long FootprintKey => FootprintKeys.Of(_name);

    /// <summary>Whether nothing is queued and nothing runs.</summary>
    public bool IsIdle => _items.Count == 0 && _running is null;

    /// <summary>Adds an item.</summary>
    public void Enqueue(IWorkItem item)
    {
        _machine.Touch(this, AccessKind.Write);
        _items.Enqueue(item);
    }

    /// <summary>Waits until nothing is queued and nothing runs.</summary>
    public Wait FlushAsync() => _isIdle.WaitAsync();

    private async ValueTask WorkAsync()
    {
        while (true)
        {
            await _hasItems.WaitAsync();
            _machine.Touch(this, AccessKind.Write);
            _running = _items.Dequeue();
            await _running.RunAsync();
            _machine.Touch(this, AccessKind.Write);
            _running = null;
        }
    }
}
