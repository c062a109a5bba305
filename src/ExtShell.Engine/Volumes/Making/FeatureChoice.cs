using ExtShell.Format.Errors;
using ExtShell.Format.OnDisk;

namespace ExtShell.Engine.Volumes.Making;

/// <summary>
/// The features of a volume that is being made: a type's set (Debian 12's <c>mke2fs.conf</c>), and what the caller adds and leaves out.
/// </summary>
internal readonly record struct FeatureChoice(
    CompatibleFeatures Compatible, IncompatibleFeatures Incompatible, ReadOnlyCompatibleFeatures ReadOnlyCompatible)
{
    private const CompatibleFeatures MakeableCompatible =
        CompatibleFeatures.HasJournal | CompatibleFeatures.ExtendedAttributes | CompatibleFeatures.ResizeInode
        | CompatibleFeatures.DirectoryIndex | CompatibleFeatures.OrphanFile;

    private const IncompatibleFeatures MakeableIncompatible =
        IncompatibleFeatures.FileType | IncompatibleFeatures.Extents | IncompatibleFeatures.Bits64
        | IncompatibleFeatures.FlexibleBlockGroups | IncompatibleFeatures.ChecksumSeed;

    private const ReadOnlyCompatibleFeatures MakeableReadOnly =
        ReadOnlyCompatibleFeatures.SparseSuper | ReadOnlyCompatibleFeatures.LargeFile | ReadOnlyCompatibleFeatures.HugeFile
        | ReadOnlyCompatibleFeatures.GroupDescriptorChecksum | ReadOnlyCompatibleFeatures.DirectoryLinksUnlimited
        | ReadOnlyCompatibleFeatures.ExtraInodeSize | ReadOnlyCompatibleFeatures.MetadataChecksum;

    private static readonly FeatureChoice Base = new(
        CompatibleFeatures.ExtendedAttributes | CompatibleFeatures.ResizeInode | CompatibleFeatures.DirectoryIndex,
        IncompatibleFeatures.FileType,
        ReadOnlyCompatibleFeatures.SparseSuper | ReadOnlyCompatibleFeatures.LargeFile);

    /// <summary>Whether there is a journal.</summary>
    public bool HasJournal => (Compatible & CompatibleFeatures.HasJournal) != 0;

    /// <summary>Whether there is an orphan file.</summary>
    public bool HasOrphanFile => (Compatible & CompatibleFeatures.OrphanFile) != 0;

    /// <summary>The type's features with the caller's changes, as far as a volume of so many blocks can have them.</summary>
    /// <exception cref="FileSystemException">EINVAL: a feature that is not known or cannot be made, or two that do not go
    /// together.</exception>
    public static FeatureChoice For(VolumeMakeOptions options, long blocksCount)
    {
        VolumeType type = options.Type;
        FeatureChoice choice = Base;
        if (type is VolumeType.Ext3 or VolumeType.Ext4)
            choice = choice with { Compatible = choice.Compatible | CompatibleFeatures.HasJournal };
        if (type == VolumeType.Ext4)
        {
            choice = choice with
            {
                Incompatible = choice.Incompatible
                    | IncompatibleFeatures.Extents | IncompatibleFeatures.FlexibleBlockGroups | IncompatibleFeatures.Bits64,
                ReadOnlyCompatible = choice.ReadOnlyCompatible
                    | ReadOnlyCompatibleFeatures.HugeFile | ReadOnlyCompatibleFeatures.MetadataChecksum
                    | ReadOnlyCompatibleFeatures.DirectoryLinksUnlimited | ReadOnlyCompatibleFeatures.ExtraInodeSize,
            };
        }

        foreach (string change in options.Features.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            choice = choice.Changed(change);
        if (options.JournalSizeBytes is not null)
            choice = choice with { Compatible = choice.Compatible | CompatibleFeatures.HasJournal };
        choice.RequireSense();
        if (blocksCount > uint.MaxValue && (choice.Incompatible & IncompatibleFeatures.Bits64) == 0)
            throw Invalid($"{blocksCount} blocks need 64bit");
        if (blocksCount > uint.MaxValue)
            choice = choice with { Compatible = choice.Compatible & ~CompatibleFeatures.ResizeInode }; // its map has 32-bit block numbers
        if ((choice.ReadOnlyCompatible & ReadOnlyCompatibleFeatures.MetadataChecksum) != 0)
            choice = choice with { ReadOnlyCompatible = choice.ReadOnlyCompatible & ~ReadOnlyCompatibleFeatures.GroupDescriptorChecksum };
        return choice;
    }

    /// <summary>What is left on a volume that is too small for a journal.</summary>
    public FeatureChoice WithoutJournal() =>
        this with { Compatible = Compatible & ~(CompatibleFeatures.HasJournal | CompatibleFeatures.OrphanFile) };

    private FeatureChoice Changed(string change)
    {
        bool isLeftOut = change.StartsWith('^');
        string name = isLeftOut ? change[1..] : change;
        bool isKnown = FeatureNames.TryParse(
            name, out CompatibleFeatures compatible, out IncompatibleFeatures incompatible, out ReadOnlyCompatibleFeatures readOnly);
        if (!isKnown)
            throw Invalid($"no feature is called {name}");
        if (isLeftOut)
            return new FeatureChoice(Compatible & ~compatible, Incompatible & ~incompatible, ReadOnlyCompatible & ~readOnly);
        bool isMakeable = (compatible & ~MakeableCompatible) == 0
            && (incompatible & ~MakeableIncompatible) == 0
            && (readOnly & ~MakeableReadOnly) == 0;
        if (!isMakeable)
            throw Invalid($"volumes with {name} cannot be made");
        return new FeatureChoice(Compatible | compatible, Incompatible | incompatible, ReadOnlyCompatible | readOnly);
    }

    private void RequireSense()
    {
        if (HasOrphanFile && !HasJournal)
            throw Invalid("orphan_file needs has_journal");
        if ((Incompatible & (IncompatibleFeatures.Bits64 | IncompatibleFeatures.Extents)) == IncompatibleFeatures.Bits64)
            throw Invalid("64bit needs extent");
        if ((Incompatible & IncompatibleFeatures.ChecksumSeed) != 0
            && (ReadOnlyCompatible & ReadOnlyCompatibleFeatures.MetadataChecksum) == 0)
            throw Invalid("metadata_csum_seed needs metadata_csum");
        if ((Compatible & CompatibleFeatures.ResizeInode) != 0 && (ReadOnlyCompatible & ReadOnlyCompatibleFeatures.SparseSuper) == 0)
            throw Invalid("resize_inode needs sparse_super");
    }

    private static FileSystemException Invalid(string why) => new(Errno.EINVAL, "make a volume", why);
}
