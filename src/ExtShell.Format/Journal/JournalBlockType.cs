namespace ExtShell.Format.Journal;

/// <summary>What kind of block of the journal it is (<c>h_blocktype</c>).</summary>
public enum JournalBlockType : uint
{
    /// <summary>None of them.</summary>
    None = 0,

    /// <summary>Names the homes of the blocks that follow.</summary>
    Descriptor = 1,

    /// <summary>Ends a transaction.</summary>
    Commit = 2,

    /// <summary>Superblock, version 1: no features.</summary>
    SuperBlockV1 = 3,

    /// <summary>Superblock, version 2.</summary>
    SuperBlockV2 = 4,

    /// <summary>Names blocks that older transactions may not replay.</summary>
    Revoke = 5,
}
