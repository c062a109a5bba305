using ExtShell.Engine.Inodes;

namespace ExtShell.Engine.IO.Steps;

/// <summary>How far a conversion raises the disk size over what it converted; by default not at all.</summary>
/// <param name="EndBytes">Never beyond this.</param>
/// <param name="Extension">The direct write that extends the file, if the conversion is one's; else the in-memory size is a bound.</param>
/// <param name="Where">
/// The scheduling point between comparing and storing, where not everybody who stores the disk size holds the mapping lock; else null.
/// </param>
internal readonly record struct DiskSizeRaise(long EndBytes, DirectWrite? Extension = null, string? Where = null)
{
    /// <summary>Up to the in-memory size: what write-back does.</summary>
    public static DiskSizeRaise ToSize { get; } = new(long.MaxValue);

    /// <summary>What the disk size must be when blocks up to a byte are written; no more than it is if that is enough.</summary>
    public long Target(Inode inode, long writtenEndBytes)
    {
        long target = Math.Min(EndBytes, writtenEndBytes);
        if (Extension is null)
            target = Math.Min(target, inode.SizeBytes);
        bool isLess = target <= inode.DiskSizeBytes;
        return isLess || (Extension is null && inode.DefersDiskSize(target)) ? inode.DiskSizeBytes : target;
    }
}
