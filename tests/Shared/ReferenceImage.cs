namespace ExtShell.TestTools;

/// <summary>Images that the reference tools make.</summary>
public static class ReferenceImage
{
    /// <summary>Makes an image with mkfs.ext4 and the reference configuration; lazy initialisation off, UUID and hash seed fixed.</summary>
    /// <param name="path">The file; made new.</param>
    /// <param name="size">As mke2fs takes it: "64M".</param>
    /// <param name="options">mke2fs's, such as "-O", "^metadata_csum", "-b", "1024".</param>
    public static void Make(string path, string size, params string[] options)
    {
        File.Delete(path);
        const string extended =
            "nodiscard,lazy_itable_init=0,lazy_journal_init=0,root_owner=0:0,hash_seed=01234567-89ab-cdef-0123-456789abcdef";
        int more = Array.IndexOf(options, "-E");
        string[] rest = more < 0 ? options : [.. options[..more], .. options[(more + 2)..]];
        ExternalTool.RunOrThrow(
            "mkfs.ext4",
            ["-q", "-F", "-U", "f00dface-1234-5678-9abc-def012345678", "-E", more < 0 ? extended : extended + "," + options[more + 1],
                .. rest, path, size]);
    }

    /// <summary>Mounts an image in the kernel, lets <paramref name="fill"/> work in the folder, and unmounts.</summary>
    /// <param name="image">The image.</param>
    /// <param name="options">Mount options such as "data=ordered", or empty.</param>
    /// <param name="fill">Is given the mount point.</param>
    /// <param name="dirtyCopy">If given, the image is copied there after a sync and before the unmount: a state that needs
    /// recovery.</param>
    public static void FillByKernel(string image, string options, Action<string> fill, string? dirtyCopy = null)
    {
        string mountPoint = Directory.CreateTempSubdirectory("extshell-mount-").FullName;
        try
        {
            ExternalTool.RunOrThrow("mount", "-t", "ext4", "-o", options.Length == 0 ? "loop" : "loop," + options, image, mountPoint);
            try
            {
                fill(mountPoint);
                if (dirtyCopy is not null)
                {
                    ExternalTool.RunOrThrow("sync", "-f", mountPoint);
                    File.Copy(image, dirtyCopy, true);
                }
            }
            finally
            {
                Unmount(mountPoint);
            }
        }
        finally
        {
            Directory.Delete(mountPoint);
        }
    }

    /// <summary>
    /// Unmounts, again if need be: a tool that another test is just starting holds this process's open files between its fork and its exec,
    /// so that the mount can be busy for a moment after its last file was closed.
    /// </summary>
    public static void Unmount(string mountPoint)
    {
        const int attempts = 100;
        for (int attempt = 1; ExternalTool.Run("umount", mountPoint).ExitCode != 0; attempt++)
        {
            if (attempt == attempts)
                ExternalTool.RunOrThrow("umount", mountPoint);
            Thread.Sleep(20);
        }
    }
}
