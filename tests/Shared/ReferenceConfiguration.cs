namespace ExtShell.TestTools;

/// <summary>The configuration of mke2fs that tests use: Debian 12's, so that its defaults don't depend on the machine.</summary>
public static class ReferenceConfiguration
{
    private const string Text = """
        [defaults]
            base_features = sparse_super,large_file,filetype,resize_inode,dir_index,ext_attr
            default_mntopts = acl,user_xattr
            enable_periodic_fsck = 0
            blocksize = 4096
            inode_size = 256
            inode_ratio = 16384
        [fs_types]
            ext3 = {
                features = has_journal
            }
            ext4 = {
                features = has_journal,extent,huge_file,flex_bg,metadata_csum,64bit,dir_nlink,extra_isize
            }
            small = {
                blocksize = 1024
                inode_ratio = 4096
            }
            floppy = {
                blocksize = 1024
                inode_ratio = 8192
            }
            big = {
                inode_ratio = 32768
            }
            huge = {
                inode_ratio = 65536
            }
        """;

    private static readonly Lazy<string> Written = new(Write);

    /// <summary>The file, for MKE2FS_CONFIG.</summary>
    public static string Path => Written.Value;

    private static string Write()
    {
        string path = System.IO.Path.Combine(AppContext.BaseDirectory, $"mke2fs-{Environment.ProcessId}.conf");
        File.WriteAllText(path, Text + "\n");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => File.Delete(path);
        return path;
    }
}
