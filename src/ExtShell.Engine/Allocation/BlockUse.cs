namespace ExtShell.Engine.Allocation;

/// <summary>What a block holds, as far as freeing it differs.</summary>
public enum BlockUse
{
    /// <summary>File data that is not journalled: nothing is left of it in the journal.</summary>
    Data,

    /// <summary>
    /// Metadata, of which the journal may hold copies: freeing revokes them, so that recovery doesn't write them over what comes after.
    /// </summary>
    Metadata,

    /// <summary>
    /// File data that is journalled (data=journal): freeing drops what waits to be written home. It is not revoked: in this mode whatever
    /// the block holds next is in a later transaction too.
    /// </summary>
    JournalledData,
}
