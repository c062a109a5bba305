namespace ExtShell.Lab.Durability;

/// <summary>A file or directory that the history touched.</summary>
internal sealed class LedgerFile
{
    /// <summary>Its inode; 0 if no call told it.</summary>
    public uint Inode { get; set; }

    public bool IsDirectory { get; init; }

    /// <summary>A path by which reports call it.</summary>
    public required string Path { get; init; }

    /// <summary>What it was when the log began; null if it is newer.</summary>
    public BaselineFile? Baseline { get; init; }

    /// <summary>The call that created it; null if it is older than the log.</summary>
    public RecordedCall? CreatedBy { get; init; }

    /// <summary>What was done to its bytes, size and blocks, in the order of the calls.</summary>
    public List<FileChange> Changes { get; } = [];

    /// <summary>The syncs of this file, and the writes that sync it, in the order of the calls.</summary>
    public List<RecordedCall> Syncs { get; } = [];

    /// <summary>The calls that set its permissions, owner, flags or extended attributes, and whether they surely did.</summary>
    public List<(RecordedCall Call, bool IsCertain)> AttributeCalls { get; } = [];

    /// <summary>How many paths have led to it, or may have.</summary>
    public int PathCount { get; set; }

    /// <summary>Whether a range of it was taken out or put in.</summary>
    public bool IsShifted => Changes.Exists(change => change.Kind == ChangeKind.Shift);

    public long BaselineSizeBytes => Baseline?.SizeBytes ?? 0;
}
