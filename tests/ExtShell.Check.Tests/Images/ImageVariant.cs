namespace ExtShell.Check.Tests.Images;

/// <summary>A way of making a volume: the options of mke2fs, and its size.</summary>
public static class ImageVariant
{
    /// <summary>All variants, by name.</summary>
    public static readonly IReadOnlyDictionary<string, (string Size, string[] Options)> All =
        new SortedDictionary<string, (string, string[])>(StringComparer.Ordinal)
    {
        ["ext4"] = ("64M", ["-t", "ext4", "-b", "4096"]),
        ["ext4-1k"] = ("16M", ["-t", "ext4", "-b", "1024"]),
        ["ext2-1k"] = ("32M", ["-t", "ext2", "-b", "1024"]),
        ["ext3-2k"] = ("32M", ["-t", "ext3", "-b", "2048"]),
        ["uninit-1k"] = ("32M", ["-t", "ext4", "-O", "^metadata_csum,uninit_bg", "-b", "1024"]),
        ["meta-bg-1k"] = ("32M", ["-t", "ext4", "-O", "meta_bg,^resize_inode", "-b", "1024"]),
        ["sparse2-orphan-file-1k"] = ("32M", ["-t", "ext4", "-O", "sparse_super2,orphan_file", "-b", "1024"]),
        ["inline"] = ("32M", ["-t", "ext4", "-O", "inline_data", "-b", "4096"]),
        ["inline-1k-no-sums"] = ("32M", ["-t", "ext4", "-O", "inline_data,^metadata_csum", "-b", "1024"]),
        ["short-inodes"] = ("32M", ["-t", "ext4", "-I", "128", "-O", "^metadata_csum,^64bit", "-b", "4096"]),
        ["no-flex-no-journal"] = ("32M", ["-t", "ext4", "-O", "^flex_bg,^has_journal", "-b", "2048"]),
        ["seed"] = ("16M", ["-t", "ext4", "-O", "metadata_csum_seed,^extent,^64bit", "-b", "1024"]),
    };

    /// <summary>The names, for theories.</summary>
    public static TheoryData<string> Names => [.. All.Keys];
}
