using ExtShell.Format.OnDisk;

namespace ExtShell.Format.Tests.OnDisk;

public class FeatureNamesTests
{
    // What e2p_feature2string of e2fsprogs 1.47.0 answers for each bit with a name.
    private const string CompatibleNames =
        "0 dir_prealloc;1 imagic_inodes;2 has_journal;3 ext_attr;4 resize_inode;5 dir_index;6 lazy_bg;8 snapshot_bitmap;9 sparse_super2;"
        + "10 fast_commit;11 stable_inodes;12 orphan_file";

    private const string IncompatibleNames =
        "0 compression;1 filetype;2 needs_recovery;3 journal_dev;4 meta_bg;6 extent;7 64bit;8 mmp;9 flex_bg;10 ea_inode;12 dirdata;"
        + "13 metadata_csum_seed;14 large_dir;15 inline_data;16 encrypt;17 casefold";

    private const string ReadOnlyNames =
        "0 sparse_super;1 large_file;3 huge_file;4 uninit_bg;5 dir_nlink;6 extra_isize;8 quota;9 bigalloc;10 metadata_csum;11 replica;"
        + "12 read-only;13 project;14 shared_blocks;15 verity;16 orphan_present";

    [Fact]
    public void Every_bit_has_the_name_that_e2fsprogs_gives_it()
    {
        AssertNames(CompatibleNames, 'C', bit => FeatureNames.Of((CompatibleFeatures)bit));
        AssertNames(IncompatibleNames, 'I', bit => FeatureNames.Of((IncompatibleFeatures)bit));
        AssertNames(ReadOnlyNames, 'R', bit => FeatureNames.Of((ReadOnlyCompatibleFeatures)bit));
    }

    [Fact]
    public void A_name_that_was_written_is_read_as_the_same_bit()
    {
        for (int bit = 0; bit < 32; bit++)
        {
            uint mask = 1u << bit;
            Assert.True(FeatureNames.TryParse(FeatureNames.Of((CompatibleFeatures)mask), out CompatibleFeatures compatible, out _, out _));
            Assert.Equal((CompatibleFeatures)mask, compatible);
            Assert.True(
                FeatureNames.TryParse(FeatureNames.Of((IncompatibleFeatures)mask), out _, out IncompatibleFeatures incompatible, out _));
            Assert.Equal((IncompatibleFeatures)mask, incompatible);
            Assert.True(FeatureNames.TryParse(
                FeatureNames.Of((ReadOnlyCompatibleFeatures)mask), out _, out _, out ReadOnlyCompatibleFeatures readOnly));
            Assert.Equal((ReadOnlyCompatibleFeatures)mask, readOnly);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("extents2")]
    [InlineData("FEATURE_")]
    [InlineData("FEATURE_I")]
    [InlineData("FEATURE_I32")]
    [InlineData("FEATURE_X1")]
    [InlineData("FEATURE_I-1")]
    public void What_names_no_feature_is_not_read(string name) => Assert.False(FeatureNames.TryParse(name, out _, out _, out _));

    [Fact]
    public void A_second_name_is_read_but_not_written()
    {
        Assert.True(FeatureNames.TryParse("extents", out _, out IncompatibleFeatures feature, out _));
        Assert.Equal("extent", FeatureNames.Of(feature));
    }

    [Fact]
    public void All_names_stand_in_the_order_of_dumpe2fs()
    {
        Assert.Equal(
            ["has_journal", "resize_inode", "filetype", "FEATURE_I27", "sparse_super", "metadata_csum"],
            FeatureNames.All(
                CompatibleFeatures.ResizeInode | CompatibleFeatures.HasJournal,
                IncompatibleFeatures.FileType | (IncompatibleFeatures)(1u << 27),
                ReadOnlyCompatibleFeatures.MetadataChecksum | ReadOnlyCompatibleFeatures.SparseSuper));
    }

    private static void AssertNames(string table, char letter, Func<uint, string> nameOf)
    {
        var known = table.Split(';').Select(entry => entry.Split(' ')).ToDictionary(words => int.Parse(words[0], null), words => words[1]);
        for (int bit = 0; bit < 32; bit++)
            Assert.Equal(known.GetValueOrDefault(bit, $"FEATURE_{letter}{bit}"), nameOf(1u << bit));
    }
}
