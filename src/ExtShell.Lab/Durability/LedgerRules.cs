namespace ExtShell.Lab.Durability;

/// <summary>The ledger's rules.</summary>
public static class LedgerRules
{
}
