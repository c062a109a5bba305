using System.Runtime.CompilerServices;

namespace ExtShell.Engine.Kernel;

/// <summary>The awaitable of a <see cref="Waitable"/>: one await is one place where another thread may run.</summary>
public readonly struct Wait : ICriticalNotifyCompletion
{
    private readonly Waitable? _waitable; // null: there is nothing to wait for

    internal Wait(Waitable waitable) => _waitable = waitable;

    /// <summary>Asks the schedule: true if the current thread goes on at once.</summary>
    public bool IsCompleted => _waitable is null || _waitable.Machine.TryPass(_waitable);

    /// <summary>The awaiter is the wait itself.</summary>
    public Wait GetAwaiter() => this;

    /// <summary>Nothing to fetch: what was waited for has been taken.</summary>
    public void GetResult()
    {
    }

    /// <inheritdoc/>
    public void OnCompleted(Action continuation) => _waitable!.Machine.Suspend(_waitable, continuation);

    /// <inheritdoc/>
    public void UnsafeOnCompleted(Action continuation) => _waitable!.Machine.Suspend(_waitable, continuation);
}
