using System.Text;
using ExtShell.Format.Errors;
using ExtShell.Format.OnDisk;

namespace ExtShell.Engine.Inodes;

/// <summary>The name of an extended attribute, as entries keep it: a prefix by its number, and the rest.</summary>
/// <param name="Index">The prefix.</param>
/// <param name="Rest">What follows it; empty where the prefix is the whole name.</param>
internal readonly record struct AttributeName(XattrNameIndex Index, byte[] Rest)
{
    /// <summary>The longest name with its prefix, bytes.</summary>
    public const int MaxLengthBytes = 255;

    private static readonly XattrNameIndex[] Known = [XattrNameIndex.User, XattrNameIndex.Trusted, XattrNameIndex.Security];

    /// <summary>security.capability: what a file's program may do when it is executed.</summary>
    public static AttributeName Capability { get; } = new(XattrNameIndex.Security, "capability"u8.ToArray());

    /// <summary>Throws unless the name's length can be one.</summary>
    /// <exception cref="FileSystemException">ERANGE.</exception>
    public static void CheckLength(string fullName)
    {
        if (fullName.Length == 0 || Encoding.UTF8.GetByteCount(fullName) > MaxLengthBytes)
            throw new FileSystemException(Errno.ERANGE, $"attribute \"{fullName}\"", $"a name has 1 to {MaxLengthBytes} bytes");
    }

    /// <summary>The name that users write.</summary>
    /// <exception cref="FileSystemException">EOPNOTSUPP: not user., trusted. or security.; EINVAL: nothing follows the prefix.</exception>
    public static AttributeName Parse(string fullName)
    {
        foreach (XattrNameIndex index in Known)
        {
            string prefix = XattrPrefix.Of(index);
            if (!fullName.StartsWith(prefix, StringComparison.Ordinal))
                continue;
            byte[] rest = FileName.Encode(fullName[prefix.Length..]);
            return rest.Length > 0
                ? new AttributeName(index, rest)
                : throw new FileSystemException(Errno.EINVAL, $"attribute \"{fullName}\"", "nothing follows its prefix");
        }

        throw new FileSystemException(Errno.EOPNOTSUPP, $"attribute \"{fullName}\"", "names begin with user., trusted. or security.");
    }

    /// <summary>Whether both are the same name.</summary>
    public bool Is(in AttributeName other) => Index == other.Index && Rest.AsSpan().SequenceEqual(other.Rest);

    /// <summary>The order of entries in a block: by prefix, by length, by bytes.</summary>
    public int CompareTo(in AttributeName other)
    {
        int order = Index.CompareTo(other.Index);
        if (order == 0)
            order = Rest.Length.CompareTo(other.Rest.Length);
        return order != 0 ? order : Rest.AsSpan().SequenceCompareTo(other.Rest);
    }
}
