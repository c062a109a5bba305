using ExtShell.Format.Errors;
using ExtShell.Format.OnDisk;

namespace ExtShell.Format.Layout;

/// <summary>
/// What ExtShell can do with a volume, from its features: which of them allow reading only, or nothing, and why. As in the kernel an
/// unknown incompatible feature refuses the volume, an unknown read-only one makes it read-only, and an unknown compatible one does
/// nothing.
/// </summary>
public sealed class FeatureSupport
{
    private const string Maintained = "is read, but not yet maintained by writes";

    private static readonly (IncompatibleFeatures Feature, SupportLevel Level, string Why)[] Incompatible =
    [
        (IncompatibleFeatures.FileType, SupportLevel.ReadWrite, ""),
        (IncompatibleFeatures.NeedsRecovery, SupportLevel.ReadWrite, ""),
        (IncompatibleFeatures.Extents, SupportLevel.ReadWrite, ""),
        (IncompatibleFeatures.Bits64, SupportLevel.ReadWrite, ""),
        (IncompatibleFeatures.FlexibleBlockGroups, SupportLevel.ReadWrite, ""),
        (IncompatibleFeatures.ChecksumSeed, SupportLevel.ReadWrite, ""),
        (IncompatibleFeatures.MetaBlockGroups, SupportLevel.ReadOnly, Maintained),
        (IncompatibleFeatures.AttributeInodes, SupportLevel.ReadOnly, Maintained),
        (IncompatibleFeatures.LargeDirectory, SupportLevel.ReadOnly, Maintained),
        (IncompatibleFeatures.InlineData, SupportLevel.ReadOnly,
            "keeps small files and directories in their inodes, and those are not read"),
        (IncompatibleFeatures.MultipleMountProtection, SupportLevel.ReadOnly, "wants a heartbeat while it is written, which is not kept"),
        (IncompatibleFeatures.Encryption, SupportLevel.ReadOnly, "has content and names that are shown as they are stored"),
        (IncompatibleFeatures.CaseFolding, SupportLevel.ReadOnly, "has directories whose names are shown, but not compared without case"),
        (IncompatibleFeatures.Compression, SupportLevel.Refused, "was never defined by a kernel release"),
        (IncompatibleFeatures.JournalDevice, SupportLevel.Refused, "says that this is an external journal, no volume"),
        (IncompatibleFeatures.DirectoryData, SupportLevel.Refused, "was never defined by a kernel release"),
    ];

    private static readonly (ReadOnlyCompatibleFeatures Feature, SupportLevel Level, string Why)[] ReadOnlyCompatible =
    [
        (ReadOnlyCompatibleFeatures.SparseSuper, SupportLevel.ReadWrite, ""),
        (ReadOnlyCompatibleFeatures.LargeFile, SupportLevel.ReadWrite, ""),
        (ReadOnlyCompatibleFeatures.HugeFile, SupportLevel.ReadWrite, ""),
        (ReadOnlyCompatibleFeatures.GroupDescriptorChecksum, SupportLevel.ReadWrite, ""),
        (ReadOnlyCompatibleFeatures.DirectoryLinksUnlimited, SupportLevel.ReadWrite, ""),
        (ReadOnlyCompatibleFeatures.ExtraInodeSize, SupportLevel.ReadWrite, ""),
        (ReadOnlyCompatibleFeatures.MetadataChecksum, SupportLevel.ReadWrite, ""),
        (ReadOnlyCompatibleFeatures.OrphanPresent, SupportLevel.ReadWrite, ""),
        (ReadOnlyCompatibleFeatures.Quota, SupportLevel.ReadOnly, Maintained),
        (ReadOnlyCompatibleFeatures.BigAllocation, SupportLevel.ReadOnly, Maintained),
        (ReadOnlyCompatibleFeatures.Project, SupportLevel.ReadOnly, Maintained),
        (ReadOnlyCompatibleFeatures.Verity, SupportLevel.ReadOnly, Maintained),
        (ReadOnlyCompatibleFeatures.SharedBlocks, SupportLevel.ReadOnly, "lets files share blocks, so none may be written"),
        (ReadOnlyCompatibleFeatures.ReadOnly, SupportLevel.ReadOnly, "says that the volume may not be written"),
    ];

    private readonly List<string> _reasons = [];

    private FeatureSupport()
    {
    }

    /// <summary>The least that any of the features allows.</summary>
    public SupportLevel Level { get; private set; }

    /// <summary>For each feature that allows less than writing, in the superblock's order, its name and why, as one clause.</summary>
    public IReadOnlyList<string> Reasons => _reasons;

    /// <summary>What can be done with the volume of <paramref name="superBlock"/>.</summary>
    public static FeatureSupport Of(in SuperBlock superBlock)
    {
        var support = new FeatureSupport();
        int blockSizeKibibytes = superBlock.LogBlockSize.Value <= 6 ? 1 << (int)superBlock.LogBlockSize.Value : 0;
        if (blockSizeKibibytes > 4)
            support.Lower(SupportLevel.Refused, $"blocks of {blockSizeKibibytes} KiB are not supported (only 1, 2 and 4 KiB are)");

        for (uint bits = superBlock.FeatureIncompat; bits != 0; bits &= bits - 1)
            support.Judge((IncompatibleFeatures)(bits & (0u - bits)));
        for (uint bits = superBlock.FeatureReadOnlyCompat; bits != 0; bits &= bits - 1)
            support.Judge((ReadOnlyCompatibleFeatures)(bits & (0u - bits)));
        if (superBlock.Has(CompatibleFeatures.SparseSuper2))
            support.Lower(SupportLevel.ReadOnly, $"{FeatureNames.Of(CompatibleFeatures.SparseSuper2)} {Maintained}");
        return support;
    }

    /// <summary>Throws if the volume cannot be mounted as asked.</summary>
    /// <exception cref="FileSystemException">EOPNOTSUPP if it is refused, EROFS if it can only be read; names the features.</exception>
    public void Require(bool forWriting)
    {
        if (Level == SupportLevel.Refused)
            throw new FileSystemException(Errno.EOPNOTSUPP, "mount", string.Join("; ", _reasons));
        if (forWriting && Level == SupportLevel.ReadOnly)
            throw new FileSystemException(Errno.EROFS, "mount for writing", string.Join("; ", _reasons));
    }

    private void Judge(IncompatibleFeatures feature)
    {
        foreach ((IncompatibleFeatures known, SupportLevel level, string why) in Incompatible)
        {
            if (known == feature)
            {
                Lower(level, $"{FeatureNames.Of(feature)} {why}");
                return;
            }
        }

        Lower(SupportLevel.Refused, $"{FeatureNames.Of(feature)} is not known");
    }

    private void Judge(ReadOnlyCompatibleFeatures feature)
    {
        foreach ((ReadOnlyCompatibleFeatures known, SupportLevel level, string why) in ReadOnlyCompatible)
        {
            if (known == feature)
            {
                Lower(level, $"{FeatureNames.Of(feature)} {why}");
                return;
            }
        }

        Lower(SupportLevel.ReadOnly, $"{FeatureNames.Of(feature)} is not known");
    }

    private void Lower(SupportLevel level, string reason)
    {
        if (level == SupportLevel.ReadWrite)
            return;
        Level = level > Level ? level : Level;
        _reasons.Add(reason);
    }
}
