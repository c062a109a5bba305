namespace ExtShell.Check;

/// <summary>
/// 128 bits that stand for a whole tree: for the names, and for each inode's kind, mode, owner, flags, size, links, extended attributes
/// and mapping with its physical blocks (not for times, and not for where other metadata lies). Equal trees have equal identities; it is
/// a sum over the parts, so that a change costs what changed.
/// </summary>
/// <param name="High">The high half.</param>
/// <param name="Low">The low half.</param>
public readonly record struct TreeIdentity(ulong High, ulong Low)
{
    /// <summary>32 hexadecimal digits.</summary>
    public override string ToString() => $"{High:x16}{Low:x16}";
}
