using ExtShell.Format.Layout;

namespace ExtShell.Check.Totals;

/// <summary>
/// Finds directories that contain each other: no way leads from the root to them, though each has a name. A cycle is reported once, at its
/// least member. Directories without a name end a way up: they are reported for themselves.
/// </summary>
internal sealed class CycleEvaluation(VolumeView view)
{
    private readonly List<NameReference> _scratch = [];
    private readonly HashSet<uint> _settled = [];

    /// <summary>Cycles that this evaluation has found: for each its members, by the least.</summary>
    public SortedDictionary<uint, uint[]> Found { get; } = [];

    /// <summary>Follows the way up from <paramref name="directory"/>; what was passed is not passed again.</summary>
    public void Follow(uint directory)
    {
        var way = new List<uint>();
        uint at = directory;
        while (at != 0 && at != InodeNumbers.Root && view.Inode(at) is { IsDirectory: true } && _settled.Add(at))
        {
            way.Add(at);
            at = view.ParentOf(at, _scratch);
        }

        int begin = way.IndexOf(at);
        if (begin < 0)
            return;
        uint[] members = [.. way[begin..]];
        Found[members.Min()] = members;
    }

    public static Finding Report(uint least, uint[] members) =>
        new(
            FindingCode.DirectoryUnconnected, FindingSeverity.Error, new FindingPlace(FindingStructure.Inode, least),
            $"no way leads from the root to the directory: it and {members.Length - 1} others contain each other");
}
