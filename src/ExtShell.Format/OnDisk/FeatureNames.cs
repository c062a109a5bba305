using System.Globalization;
using System.Numerics;

namespace ExtShell.Format.OnDisk;

/// <summary>
/// The names that mke2fs, tune2fs and dumpe2fs use for features: one table for all three sets. A bit without a name is written as e2fsprogs
/// writes it: FEATURE_ and the set's letter (C, R or I) and the bit's number.
/// </summary>
public static class FeatureNames
{
    private enum FeatureSet
    {
        Compatible,
        ReadOnlyCompatible,
        Incompatible,
    }

    private const string SetLetters = "CRI";
    private const string UnknownPrefix = "FEATURE_";

    // The first name of a bit is the one that is written; the others are read, too.
    private static readonly (FeatureSet Set, uint Bit, string Name)[] Table =
    [
        (FeatureSet.Compatible, (uint)CompatibleFeatures.DirectoryPreallocation, "dir_prealloc"),
        (FeatureSet.Compatible, (uint)CompatibleFeatures.ImagicInodes, "imagic_inodes"),
        (FeatureSet.Compatible, (uint)CompatibleFeatures.HasJournal, "has_journal"),
        (FeatureSet.Compatible, (uint)CompatibleFeatures.ExtendedAttributes, "ext_attr"),
        (FeatureSet.Compatible, (uint)CompatibleFeatures.ResizeInode, "resize_inode"),
        (FeatureSet.Compatible, (uint)CompatibleFeatures.DirectoryIndex, "dir_index"),
        (FeatureSet.Compatible, (uint)CompatibleFeatures.LazyBlockGroups, "lazy_bg"),
        (FeatureSet.Compatible, (uint)CompatibleFeatures.SnapshotBitmap, "snapshot_bitmap"),
        (FeatureSet.Compatible, (uint)CompatibleFeatures.SparseSuper2, "sparse_super2"),
        (FeatureSet.Compatible, (uint)CompatibleFeatures.FastCommit, "fast_commit"),
        (FeatureSet.Compatible, (uint)CompatibleFeatures.StableInodes, "stable_inodes"),
        (FeatureSet.Compatible, (uint)CompatibleFeatures.OrphanFile, "orphan_file"),

        (FeatureSet.ReadOnlyCompatible, (uint)ReadOnlyCompatibleFeatures.SparseSuper, "sparse_super"),
        (FeatureSet.ReadOnlyCompatible, (uint)ReadOnlyCompatibleFeatures.LargeFile, "large_file"),
        (FeatureSet.ReadOnlyCompatible, (uint)ReadOnlyCompatibleFeatures.HugeFile, "huge_file"),
        (FeatureSet.ReadOnlyCompatible, (uint)ReadOnlyCompatibleFeatures.GroupDescriptorChecksum, "uninit_bg"),
        (FeatureSet.ReadOnlyCompatible, (uint)ReadOnlyCompatibleFeatures.GroupDescriptorChecksum, "uninit_groups"),
        (FeatureSet.ReadOnlyCompatible, (uint)ReadOnlyCompatibleFeatures.DirectoryLinksUnlimited, "dir_nlink"),
        (FeatureSet.ReadOnlyCompatible, (uint)ReadOnlyCompatibleFeatures.ExtraInodeSize, "extra_isize"),
        (FeatureSet.ReadOnlyCompatible, (uint)ReadOnlyCompatibleFeatures.Quota, "quota"),
        (FeatureSet.ReadOnlyCompatible, (uint)ReadOnlyCompatibleFeatures.BigAllocation, "bigalloc"),
        (FeatureSet.ReadOnlyCompatible, (uint)ReadOnlyCompatibleFeatures.MetadataChecksum, "metadata_csum"),
        (FeatureSet.ReadOnlyCompatible, (uint)ReadOnlyCompatibleFeatures.Replica, "replica"),
        (FeatureSet.ReadOnlyCompatible, (uint)ReadOnlyCompatibleFeatures.ReadOnly, "read-only"),
        (FeatureSet.ReadOnlyCompatible, (uint)ReadOnlyCompatibleFeatures.Project, "project"),
        (FeatureSet.ReadOnlyCompatible, (uint)ReadOnlyCompatibleFeatures.SharedBlocks, "shared_blocks"),
        (FeatureSet.ReadOnlyCompatible, (uint)ReadOnlyCompatibleFeatures.Verity, "verity"),
        (FeatureSet.ReadOnlyCompatible, (uint)ReadOnlyCompatibleFeatures.OrphanPresent, "orphan_present"),

        (FeatureSet.Incompatible, (uint)IncompatibleFeatures.Compression, "compression"),
        (FeatureSet.Incompatible, (uint)IncompatibleFeatures.FileType, "filetype"),
        (FeatureSet.Incompatible, (uint)IncompatibleFeatures.NeedsRecovery, "needs_recovery"),
        (FeatureSet.Incompatible, (uint)IncompatibleFeatures.JournalDevice, "journal_dev"),
        (FeatureSet.Incompatible, (uint)IncompatibleFeatures.MetaBlockGroups, "meta_bg"),
        (FeatureSet.Incompatible, (uint)IncompatibleFeatures.Extents, "extent"),
        (FeatureSet.Incompatible, (uint)IncompatibleFeatures.Extents, "extents"),
        (FeatureSet.Incompatible, (uint)IncompatibleFeatures.Bits64, "64bit"),
        (FeatureSet.Incompatible, (uint)IncompatibleFeatures.MultipleMountProtection, "mmp"),
        (FeatureSet.Incompatible, (uint)IncompatibleFeatures.FlexibleBlockGroups, "flex_bg"),
        (FeatureSet.Incompatible, (uint)IncompatibleFeatures.AttributeInodes, "ea_inode"),
        (FeatureSet.Incompatible, (uint)IncompatibleFeatures.DirectoryData, "dirdata"),
        (FeatureSet.Incompatible, (uint)IncompatibleFeatures.ChecksumSeed, "metadata_csum_seed"),
        (FeatureSet.Incompatible, (uint)IncompatibleFeatures.LargeDirectory, "large_dir"),
        (FeatureSet.Incompatible, (uint)IncompatibleFeatures.InlineData, "inline_data"),
        (FeatureSet.Incompatible, (uint)IncompatibleFeatures.Encryption, "encrypt"),
        (FeatureSet.Incompatible, (uint)IncompatibleFeatures.CaseFolding, "casefold"),
    ];

    /// <summary>The name of one feature.</summary>
    public static string Of(CompatibleFeatures feature) => Of(FeatureSet.Compatible, (uint)feature);

    /// <summary>The name of one feature.</summary>
    public static string Of(ReadOnlyCompatibleFeatures feature) => Of(FeatureSet.ReadOnlyCompatible, (uint)feature);

    /// <summary>The name of one feature.</summary>
    public static string Of(IncompatibleFeatures feature) => Of(FeatureSet.Incompatible, (uint)feature);

    /// <summary>The names of all features that are on, in dumpe2fs's order: compatible, incompatible, read-only, each by bit.</summary>
    public static IReadOnlyList<string> All(
        CompatibleFeatures compatible, IncompatibleFeatures incompatible, ReadOnlyCompatibleFeatures readOnly)
    {
        var names = new List<string>();
        AddNames(names, FeatureSet.Compatible, (uint)compatible);
        AddNames(names, FeatureSet.Incompatible, (uint)incompatible);
        AddNames(names, FeatureSet.ReadOnlyCompatible, (uint)readOnly);
        return names;
    }

    /// <summary>Sets the bit that <paramref name="name"/> stands for; false if no feature has this name.</summary>
    public static bool TryParse(
        string name, out CompatibleFeatures compatible, out IncompatibleFeatures incompatible, out ReadOnlyCompatibleFeatures readOnly)
    {
        (compatible, incompatible, readOnly) = (default, default, default);
        if (!TryFind(name, out FeatureSet set, out uint bit))
            return false;
        switch (set)
        {
            case FeatureSet.Compatible:
                compatible = (CompatibleFeatures)bit;
                break;
            case FeatureSet.Incompatible:
                incompatible = (IncompatibleFeatures)bit;
                break;
            default:
                readOnly = (ReadOnlyCompatibleFeatures)bit;
                break;
        }

        return true;
    }

    private static bool TryFind(string name, out FeatureSet set, out uint bit)
    {
        foreach ((FeatureSet entrySet, uint entryBit, string entryName) in Table)
        {
            if (string.Equals(entryName, name, StringComparison.OrdinalIgnoreCase))
            {
                (set, bit) = (entrySet, entryBit);
                return true;
            }
        }

        (set, bit) = (default, 0);
        if (!name.StartsWith(UnknownPrefix, StringComparison.OrdinalIgnoreCase) || name.Length < UnknownPrefix.Length + 2)
            return false;
        int letter = SetLetters.IndexOf(char.ToUpperInvariant(name[UnknownPrefix.Length]), StringComparison.Ordinal);
        ReadOnlySpan<char> digits = name.AsSpan(UnknownPrefix.Length + 1);
        if (letter < 0 || !int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int number) || number > 31)
            return false;
        (set, bit) = ((FeatureSet)letter, 1u << number);
        return true;
    }

    private static void AddNames(List<string> names, FeatureSet set, uint bits)
    {
        for (; bits != 0; bits &= bits - 1)
            names.Add(Of(set, bits & (0u - bits)));
    }

    private static string Of(FeatureSet set, uint bit)
    {
        foreach ((FeatureSet entrySet, uint entryBit, string entryName) in Table)
        {
            if (entrySet == set && entryBit == bit)
                return entryName;
        }

        return $"{UnknownPrefix}{SetLetters[(int)set]}{BitOperations.TrailingZeroCount(bit)}";
    }
}
