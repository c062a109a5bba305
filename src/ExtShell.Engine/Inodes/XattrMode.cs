namespace ExtShell.Engine.Inodes;

/// <summary>What setting an extended attribute expects to find: the flags of <c>setxattr(2)</c>.</summary>
public enum XattrMode
{
    /// <summary>Made or replaced.</summary>
    Any,

    /// <summary>XATTR_CREATE: EEXIST where there is one.</summary>
    Create,

    /// <summary>XATTR_REPLACE: ENODATA where there is none.</summary>
    Replace,
}
