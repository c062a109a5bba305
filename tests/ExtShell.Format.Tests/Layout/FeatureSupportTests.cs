using ExtShell.Format.Errors;
using ExtShell.Format.Layout;
using ExtShell.Format.OnDisk;

namespace ExtShell.Format.Tests.Layout;

public class FeatureSupportTests
{
    [Fact]
    public void What_mke2fs_sets_by_default_is_read_and_written()
    {
        FeatureSupport support = FeatureSupport.Of(SampleSuperBlock.Of64MiB());
        Assert.Equal(SupportLevel.ReadWrite, support.Level);
        Assert.Empty(support.Reasons);
        support.Require(forWriting: true);
    }

    [Theory]
    [InlineData("orphan_file", SupportLevel.ReadWrite)]
    [InlineData("metadata_csum_seed", SupportLevel.ReadWrite)]
    [InlineData("uninit_bg", SupportLevel.ReadWrite)]
    [InlineData("fast_commit", SupportLevel.ReadWrite)]
    [InlineData("needs_recovery", SupportLevel.ReadWrite)]
    [InlineData("orphan_present", SupportLevel.ReadWrite)]
    [InlineData("FEATURE_C29", SupportLevel.ReadWrite)]
    [InlineData("inline_data", SupportLevel.ReadOnly)]
    [InlineData("ea_inode", SupportLevel.ReadOnly)]
    [InlineData("large_dir", SupportLevel.ReadOnly)]
    [InlineData("meta_bg", SupportLevel.ReadOnly)]
    [InlineData("sparse_super2", SupportLevel.ReadOnly)]
    [InlineData("bigalloc", SupportLevel.ReadOnly)]
    [InlineData("quota", SupportLevel.ReadOnly)]
    [InlineData("project", SupportLevel.ReadOnly)]
    [InlineData("verity", SupportLevel.ReadOnly)]
    [InlineData("encrypt", SupportLevel.ReadOnly)]
    [InlineData("casefold", SupportLevel.ReadOnly)]
    [InlineData("mmp", SupportLevel.ReadOnly)]
    [InlineData("read-only", SupportLevel.ReadOnly)]
    [InlineData("FEATURE_R30", SupportLevel.ReadOnly)]
    [InlineData("compression", SupportLevel.Refused)]
    [InlineData("journal_dev", SupportLevel.Refused)]
    [InlineData("dirdata", SupportLevel.Refused)]
    [InlineData("FEATURE_I27", SupportLevel.Refused)]
    public void A_feature_allows_what_the_design_says_and_is_named(string name, SupportLevel level)
    {
        SuperBlock superBlock = With(SampleSuperBlock.Of64MiB(), name);
        FeatureSupport support = FeatureSupport.Of(superBlock);
        Assert.Equal(level, support.Level);
        if (level == SupportLevel.ReadWrite)
            Assert.Empty(support.Reasons);
        else
            Assert.StartsWith(name + " ", Assert.Single(support.Reasons), StringComparison.Ordinal);
    }

    [Fact]
    public void A_refusal_names_every_reason()
    {
        SuperBlock superBlock = With(With(SampleSuperBlock.Of64MiB(), "FEATURE_I27"), "quota");
        var error = Assert.Throws<FileSystemException>(() => FeatureSupport.Of(superBlock).Require(forWriting: false));
        Assert.Equal(Errno.EOPNOTSUPP, error.Errno);
        Assert.Contains("FEATURE_I27", error.Message, StringComparison.Ordinal);
        Assert.Contains("quota", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_volume_that_is_only_read_is_not_mounted_for_writing()
    {
        FeatureSupport support = FeatureSupport.Of(With(SampleSuperBlock.Of64MiB(), "bigalloc"));
        support.Require(forWriting: false);
        Assert.Equal(Errno.EROFS, Assert.Throws<FileSystemException>(() => support.Require(forWriting: true)).Errno);
    }

    [Fact]
    public void Blocks_larger_than_4_KiB_are_refused()
    {
        SuperBlock superBlock = SampleSuperBlock.Of64MiB();
        superBlock.LogBlockSize = 4;
        Assert.Equal(SupportLevel.Refused, FeatureSupport.Of(superBlock).Level);
    }

    private static SuperBlock With(SuperBlock superBlock, string name)
    {
        Assert.True(FeatureNames.TryParse(
            name, out CompatibleFeatures compatible, out IncompatibleFeatures incompatible, out ReadOnlyCompatibleFeatures readOnly));
        superBlock.Compatible |= compatible;
        superBlock.Incompatible |= incompatible;
        superBlock.ReadOnlyCompatible |= readOnly;
        return superBlock;
    }
}
