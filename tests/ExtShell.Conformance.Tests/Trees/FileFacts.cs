using ExtShell.Format.OnDisk;

namespace ExtShell.Conformance.Tests.Trees;

/// <summary>What two implementations must agree on about one name of a volume. Placement and times are not among it.</summary>
/// <param name="Path">From the root, such as <c>/logs/a</c>.</param>
/// <param name="Mode">Type and permissions.</param>
/// <param name="Links">Hard links.</param>
/// <param name="SizeBytes">Size.</param>
/// <param name="Content">SHA-256 of a regular file's bytes, a symbolic link's target; else empty.</param>
/// <param name="Blocks">Which blocks of a regular file are mapped, as <see cref="BlockRuns"/> writes them; what is not named is a
/// hole.</param>
internal sealed record FileFacts(string Path, InodeMode Mode, int Links, long SizeBytes, string Content, string Blocks)
{
    /// <summary>
    /// The extended attributes as <c>name=hexadecimal</c>, by name; empty where whoever read the tree does not read them.
    /// </summary>
    public string Attributes { get; init; } = "";

    /// <summary>
    /// Owner and group, flags that users set on files and directories, and a device's number; empty where whoever read the tree does not
    /// read them.
    /// </summary>
    public string Others { get; init; } = "";

    /// <summary>One line, by which trees are compared and differences are read.</summary>
    public override string ToString()
    {
        string permissions = Convert.ToString((int)(Mode & InodeMode.PermissionMask), 8);
        string attributes = Attributes.Length == 0 ? "" : ", " + Attributes;
        return $"{Path}: {Mode & InodeMode.TypeMask} {permissions}, {Links} links, {SizeBytes} bytes, content {Content}, "
            + $"blocks {Blocks}{attributes}{Others}";
    }

    /// <summary>Writes owner, group, flags and device down.</summary>
    public static string DescribeOthers(uint owner, uint group, InodeFlags flags, DeviceNumber device) =>
        $", {owner}:{group}, {flags & Engine.IO.AttributeChange.Settable}, {device}";

    /// <summary>Writes attributes down.</summary>
    public static string Describe(IEnumerable<(string Name, byte[] Value)> attributes) =>
        string.Join(" ",
            attributes.OrderBy(one => one.Name, StringComparer.Ordinal).Select(one => $"{one.Name}={Convert.ToHexStringLower(one.Value)}"));
}
