namespace ExtShell.Format.OnDisk;

/// <summary>The prefixes of attributes' names as users write them (xattr(7); ext4 disk layout, "Attribute Name Indices").</summary>
public static class XattrPrefix
{
    /// <summary>
    /// The text that a number stands for: a prefix with its dot, a whole name, or the number itself where it has no meaning.
    /// </summary>
    public static string Of(XattrNameIndex index) => index switch
    {
        XattrNameIndex.None => "",
        XattrNameIndex.User => "user.",
        XattrNameIndex.PosixAclAccess => "system.posix_acl_access",
        XattrNameIndex.PosixAclDefault => "system.posix_acl_default",
        XattrNameIndex.Trusted => "trusted.",
        XattrNameIndex.Security => "security.",
        XattrNameIndex.System => "system.",
        XattrNameIndex.RichAcl => "system.richacl",
        XattrNameIndex.Hurd => "gnu.",
        _ => $"{(byte)index}.",
    };
}
