using ExtShell.Format.OnDisk;

namespace ExtShell.Conformance.Tests.Trees;

/// <summary>What two implementations must agree on about one name of a volume. Placement and times are not among it.</summary>
/// <param name="Path">From the root, such as <c>/logs/a</c>.</param>
/// <param name="Mode">Type and permissions.</param>
/// <param name="Links">Hard links.</param>
/// <param name="SizeBytes">Size.</param>
/// <param name="Content">SHA-256 of a regular file's bytes, a symbolic link's target; else empty.</param>
/// <param name="Blocks">Which blocks of a regular file are mapped, as <see cref="BlockRuns"/> writes them; what is not named is a hole.</param>
internal sealed record FileFacts(string Path, InodeMode Mode, int Links, long SizeBytes, string Content, string Blocks)
{
    /// <summary>One line, by which trees are compared and differences are read.</summary>
    public override string ToString() =>
        $"{Path}: {Mode & InodeMode.TypeMask} {Convert.ToString((int)(Mode & InodeMode.PermissionMask), 8)}, {Links} links, {SizeBytes} bytes, content {Content}, blocks {Blocks}";
}
