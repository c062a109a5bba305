using ExtShell.Engine.Kernel;
using ExtShell.Lab.Scheduling;

namespace ExtShell.Lab.Tests.Scheduling;

/// <summary>Small programs whose bugs, and all of whose final states, are known.</summary>
internal static class ToyPrograms
{
    /// <summary>Two deposits, each read, yield, write: one of them may be lost.</summary>
    public static MachineProgram LostDeposit { get; } = new("lost deposit", machine =>
    {
        int balance = 0;
        object account = new();
        void Deposit(string name, int amount) => machine.Spawn(name, async () =>
        {
            machine.Touch(account, AccessKind.Read);
            int read = balance;
            await machine.Yield("between read and write");
            machine.Touch(account, AccessKind.Write);
            balance = read + amount;
        });
        Deposit("alice", 1);
        Deposit("bob", 2);
        return new MachineProgramEnd(() => $"{balance}", () => balance == 3 ? null : $"the balance is {balance}");
    });

    /// <summary>Two locks, taken in opposite orders.</summary>
    public static MachineProgram TwoLocks { get; } = new("two locks", machine =>
    {
        var left = new SimulatedMutex(machine, "left");
        var right = new SimulatedMutex(machine, "right");
        void Take(string name, SimulatedMutex first, SimulatedMutex second) => machine.Spawn(name, async () =>
        {
            await first.LockAsync();
            await second.LockAsync();
            second.Unlock();
            first.Unlock();
        });
        Take("one", left, right);
        Take("two", right, left);
        return new MachineProgramEnd(() => "", () => null);
    });

    /// <summary>A worker that only tries the lock and queues itself again; who holds the lock waits for the worker.</summary>
    public static MachineProgram Requeueing { get; } = new("requeueing worker", machine =>
    {
        var mutex = new SimulatedMutex(machine, "the lock");
        var queue = new WorkQueue(machine, "worker");
        machine.Spawn("truncate", async () =>
        {
            await mutex.LockAsync();
            await queue.FlushAsync();
            mutex.Unlock();
        });
        machine.Spawn("writer", async () =>
        {
            await machine.Yield("data done");
            queue.Enqueue(new TryingItem(mutex, queue));
        });
        return new MachineProgramEnd(() => "", () => null);
    });

    /// <summary>A bug of depth two: the second thread must run between two steps of the first, and nowhere else.</summary>
    public static MachineProgram NarrowWindow { get; } = new("narrow window", machine =>
    {
        bool isReady = false, isUsed = false, wasSeen = false;
        machine.Spawn("writer", async () =>
        {
            for (int i = 0; i < 5; i++)
                await machine.Yield("before");
            machine.Touch("flags", AccessKind.Write);
            isReady = true;
            await machine.Yield("window");
            machine.Touch("flags", AccessKind.Write);
            isUsed = true;
            for (int i = 0; i < 5; i++)
                await machine.Yield("after");
        });
        machine.Spawn("reader", async () =>
        {
            await machine.Yield("look");
            machine.Touch("flags", AccessKind.Read);
            wasSeen = isReady && !isUsed;
        });
        return new MachineProgramEnd(() => $"{wasSeen}", () => wasSeen ? "seen in the window" : null);
    });

    /// <summary>A thread that takes many steps, in which nothing is finished, before it starts two that race.</summary>
    public static MachineProgram LateRace(int stepsBefore) => new("late race", machine =>
    {
        string last = "";
        machine.Spawn("long", async () =>
        {
            for (int i = 0; i < stepsBefore; i++)
                await machine.Yield("on the way");
            foreach (string name in new[] { "alice", "bob" })
            {
                machine.Spawn(name, async () =>
                {
                    await machine.Yield("before the write");
                    machine.Touch("last", AccessKind.Write);
                    last = name;
                });
            }
        });
        return new MachineProgramEnd(() => last, () => null);
    });

    private sealed class TryingItem(SimulatedMutex mutex, WorkQueue queue) : IWorkItem
    {
        public ValueTask RunAsync()
        {
            if (mutex.TryLock())
                mutex.Unlock();
            else
                queue.Enqueue(this);
            return default;
        }
    }
}
