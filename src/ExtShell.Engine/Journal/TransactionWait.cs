using ExtShell.Engine.Kernel;

namespace ExtShell.Engine.Journal;

/// <summary>Is ready once a transaction is durable, or the journal was stopped.</summary>
internal sealed class TransactionWait(Machine machine, Jbd2Journal journal, TransactionId id) : Waitable(machine, WaitKind.Commit)
{
    public override object Resource => SharedState.Journal;

    public override string Describe() => $"transaction {id} to commit";

    public override bool IsReady(SimulatedThread thread) => journal.IsCommitted(id) || journal.IsAborted;
}
