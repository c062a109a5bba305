namespace ExtShell.Engine.Inodes;

/// <summary>The flags of <c>renameat2(2)</c>.</summary>
[Flags]
public enum RenameOptions
{
    /// <summary>What has the new name is replaced.</summary>
    None = 0,

    /// <summary>RENAME_NOREPLACE: EEXIST if something has the new name.</summary>
    NoReplace = 1,
}
