using ExtShell.Check.Facts;
using ExtShell.Format.OnDisk;

namespace ExtShell.Check;

/// <summary>An extended attribute of an inode, as a check read it.</summary>
public sealed class AttributeFacts
{
    internal AttributeFacts(XattrNameIndex prefix, byte[] nameBytes, byte[] value) =>
        (Prefix, NameBytes, Value) = (prefix, nameBytes, value);

    /// <summary>Its name as users write it, such as "user.comment".</summary>
    public string Name => XattrPrefix.Of(Prefix) + PathText.Of(NameBytes.Span);

    /// <summary>The prefix of its name, as a number.</summary>
    public XattrNameIndex Prefix { get; }

    /// <summary>What follows the prefix.</summary>
    public ReadOnlyMemory<byte> NameBytes { get; }

    /// <summary>Its value; empty where the value lies in an inode of its own (ea_inode).</summary>
    public ReadOnlyMemory<byte> Value { get; }
}
