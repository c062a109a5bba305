namespace ExtShell.Engine.Journal;

/// <summary>A transaction as a journal holds it.</summary>
/// <param name="Sequence">Its number.</param>
/// <param name="FirstBlock">The block of the journal at which it begins.</param>
/// <param name="Homes">The blocks of the volume of which it holds copies, in order.</param>
/// <param name="RevokeBlocks">How many blocks of revoke records it has.</param>
/// <param name="IsWhole">Whether its commit record is there and all sums match: recovery would replay it.</param>
public sealed record JournalTransaction(uint Sequence, uint FirstBlock, IReadOnlyList<long> Homes, int RevokeBlocks, bool IsWhole)
{
    /// <inheritdoc/>
    public override string ToString() => $"transaction {Sequence}: {Homes.Count} blocks{(IsWhole ? "" : ", incomplete")}";
}
