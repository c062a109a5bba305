namespace ExtShell.Lab.Durability;

/// <summary>One rule of the ledger.</summary>
/// <param name="Number">Its number: findings cite it.</param>
/// <param name="Name">Its name.</param>
/// <param name="Text">What it says.</param>
/// <param name="Source">Who promises it.</param>
public sealed record LedgerRule(int Number, string Name, string Text, string Source);
