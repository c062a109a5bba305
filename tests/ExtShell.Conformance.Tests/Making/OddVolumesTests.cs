using ExtShell.Check;
using ExtShell.Conformance.Tests.Kernel;
using ExtShell.Conformance.Tests.Trees;
using ExtShell.Engine.Devices;
using ExtShell.Engine.Kernel;
using ExtShell.Engine.Volumes;
using ExtShell.Format.Errors;
using ExtShell.TestTools;
using Xunit.Abstractions;

namespace ExtShell.Conformance.Tests.Making;

/// <summary>
/// Volumes with odd but legal features, made by mke2fs and filled by the kernel: each is mounted and written, or mounted read-only with the
/// feature as the reason, or refused with the feature's name. What is mounted shows the kernel's tree.
/// </summary>
public sealed class OddVolumesTests(ITestOutputHelper output)
{
    private const string Size = "32M";

    [RequiresKernelMountTheory("mke2fs", "e2fsck", "ln")]
    [InlineData("-t ext4 -O ^64bit")]
    [InlineData("-t ext4 -O ^flex_bg")]
    [InlineData("-t ext4 -b 1024 -O ^flex_bg,^64bit -g 1024")]
    [InlineData("-t ext4 -O ^metadata_csum,uninit_bg")]
    [InlineData("-t ext4 -O ^metadata_csum,^extra_isize -I 128")]
    [InlineData("-t ext4 -O ^huge_file,^dir_nlink,^large_file")]
    [InlineData("-t ext4 -O ^dir_index")]
    [InlineData("-t ext4 -O ^ext_attr")]
    [InlineData("-t ext4 -O ^filetype")]
    [InlineData("-t ext4 -O ^sparse_super,^resize_inode")]
    [InlineData("-t ext4 -O ^resize_inode")]
    [InlineData("-t ext4 -O ^has_journal")]
    [InlineData("-t ext4 -O orphan_file")]
    [InlineData("-t ext4 -O metadata_csum_seed")]
    [InlineData("-t ext4 -O fast_commit")]
    [InlineData("-t ext4 -O stable_inodes")]
    [InlineData("-t ext4 -b 2048 -G 4 -g 2048 -N 4096")]
    [InlineData("-t ext4 -E packed_meta_blocks=1")]
    [InlineData("-t ext4 -m 0 -E stride=8,stripe_width=16")]
    [InlineData("-t ext4 -I 1024")]
    [InlineData("-t ext4 -J size=4 -i 65536")]
    [InlineData("-t ext3")]
    [InlineData("-t ext3 -b 1024 -I 128")]
    [InlineData("-t ext2 -b 1024")]
    [InlineData("-t ext2 -O ^dir_index,^filetype,^resize_inode,^sparse_super,^ext_attr -I 128")]
    [InlineData("-t ext2 -r 0")]
    public void IsMountedAndWritten(string options)
    {
        using TemporaryFolder folder = TemporaryFolder.InMemory();
        string image = Make(folder, options);
        FileTree kernel = FillByKernel(image, options)!;
        using (ImageFile file = ImageFile.Open(image))
        {
            Volume volume = Mount(file);
            Assert.Null(volume.ReadOnlyReason);
            FileTree.AssertSame(kernel, EngineTree.Read(volume), $"the engine on {options}");
            using (FileHandle written = volume.Create("/by-extshell"))
            {
                written.WriteDirect(8192, new byte[16384]);
                written.WriteBuffered(30_000, new byte[5000]);
            }

            volume.Mkdir("/folder");
            volume.Rename("/by-extshell", "/folder/moved");
            volume.Sync();
            kernel = EngineTree.Read(volume);
            volume.Unmount();
            CheckReport report = ImageChecker.Check(new StorageSource(file));
            Assert.True(report.IsClean, string.Join('\n', report.Findings));
        }

        ToolResult check = ExternalTool.Run("e2fsck", "-fn", image);
        Assert.True(check.ExitCode == 0, $"{options}: {check.Output}{check.Errors}");
        using LoopMount mount = LoopMount.Of(image);
        FileTree.AssertSame(kernel, KernelTree.Read(mount.Folder, blockSizeBytes: BlockSizeOf(options)), $"the kernel on {options}");
    }

    [RequiresKernelMountTheory("mke2fs", "e2fsck", "ln")]
    [InlineData("meta_bg", "-t ext4 -O meta_bg,^resize_inode")]
    [InlineData("meta_bg", "-t ext4 -b 1024 -O meta_bg,^resize_inode,^flex_bg")]
    [InlineData("bigalloc", "-t ext4 -O bigalloc -C 65536")]
    [InlineData("large_dir", "-t ext4 -O large_dir")]
    [InlineData("ea_inode", "-t ext4 -O ea_inode")]
    [InlineData("sparse_super2", "-t ext4 -O sparse_super2,^resize_inode")]
    [InlineData("quota", "-t ext4 -O quota")]
    [InlineData("project", "-t ext4 -O quota,project")]
    [InlineData("verity", "-t ext4 -O verity")]
    [InlineData("encrypt", "-t ext4 -O encrypt")]
    [InlineData("casefold", "-t ext4 -E encoding=utf8")]
    [InlineData("mmp", "-t ext4 -O mmp")]
    public void IsMountedReadOnlyWithTheReason(string feature, string options)
    {
        using TemporaryFolder folder = TemporaryFolder.InMemory();
        string image = Make(folder, options);
        FileTree? kernel = FillByKernel(image, options);
        byte[] before = File.ReadAllBytes(image);
        using (ImageFile file = ImageFile.Open(image))
        {
            Volume volume = Mount(file);
            Assert.Contains(feature, volume.ReadOnlyReason, StringComparison.Ordinal);
            var refused = Assert.Throws<FileSystemException>(() => volume.Mkdir("/folder"));
            Assert.Equal(Errno.EROFS, refused.Errno);
            Assert.Contains(feature, refused.Message, StringComparison.Ordinal);
            FileTree engine = EngineTree.Read(volume);
            if (kernel is not null)
                FileTree.AssertSame(kernel, engine, $"the engine on {options}");
            volume.Unmount();
        }

        Assert.True(before.AsSpan().SequenceEqual(File.ReadAllBytes(image)), "a volume that is read-only is not written");
    }

    [RequiresKernelMountFact("mke2fs")]
    public void WhatIsKeptInAnInodeIsRefusedAlone()
    {
        using TemporaryFolder folder = TemporaryFolder.InMemory();
        string image = Make(folder, "-t ext4 -O inline_data");
        using (LoopMount mount = LoopMount.Of(image))
        {
            File.WriteAllBytes(mount.Path("large"), new byte[5000]);
            File.WriteAllBytes(mount.Path("small"), new byte[50]);
            Directory.CreateDirectory(mount.Path("folder"));
        }

        using ImageFile file = ImageFile.Open(image, isReadOnly: true);
        Volume volume = Mount(file);
        Assert.Contains("inline_data", volume.ReadOnlyReason, StringComparison.Ordinal);
        Assert.Equal(5000, volume.Open("/large", OpenOptions.ReadOnly).ReadBuffered(0, 6000).Length);
        using FileHandle small = volume.Open("/small", OpenOptions.ReadOnly);
        Assert.Equal(Errno.EOPNOTSUPP, Assert.Throws<FileSystemException>(() => small.ReadBuffered(0, 50)).Errno);
        Assert.Equal(Errno.EOPNOTSUPP, Assert.Throws<FileSystemException>(() => volume.ReadDirectory("/folder")).Errno);
        Assert.Equal(Errno.EOPNOTSUPP, Assert.Throws<FileSystemException>(() => volume.Stat("/folder/a")).Errno);
        Assert.True(ImageChecker.Check(new StorageSource(file)).IsClean);
    }

    [RequiresToolTheory("mke2fs", "debugfs")]
    [InlineData("journal", "-t ext4 -O journal_dev", "")]
    [InlineData("blocks of 8 KiB", "-t ext4 -b 8192", "")]
    [InlineData("FEATURE_I30", "-t ext4", "feature +FEATURE_I30")]
    [InlineData("dirdata", "-t ext4", "feature +dirdata")]
    [InlineData("compression", "-t ext2", "feature +compression")]
    public void IsRefusedByName(string reason, string options, string change)
    {
        using TemporaryFolder folder = TemporaryFolder.InMemory();
        string image = Make(folder, options);
        if (change.Length > 0)
            ExternalTool.RunOrThrow("debugfs", "-w", "-R", change, image);
        using ImageFile file = ImageFile.Open(image);
        var refused = Assert.Throws<FileSystemException>(() => Mount(file));
        Assert.Equal(Errno.EOPNOTSUPP, refused.Errno);
        Assert.Contains(reason, refused.Message, StringComparison.OrdinalIgnoreCase);
    }

    private static string Make(TemporaryFolder folder, string options)
    {
        string image = folder.File("image");
        File.Create(image).Dispose();
        ExternalTool.RunOrThrow("mke2fs", ["-q", "-F", "-b", "4096", .. options.Split(' '), image, Size]);
        return image;
    }

    private static Volume Mount(ImageFile image)
    {
        var machine = new Machine();
        return Volume.Mount(machine, new SimulatedDisk(machine, image, new DeviceTraits(HasVolatileCache: true)));
    }

    /// <summary>The tree after the kernel has worked on it; null where this kernel does not mount such a volume.</summary>
    private FileTree? FillByKernel(string image, string options)
    {
        using LoopMount mount = LoopMount.Attach(image);
        if (!mount.TryMount())
        {
            output.WriteLine($"this kernel does not mount {options}");
            return null;
        }

        bool hasExtents = options.StartsWith("-t ext4", StringComparison.Ordinal);
        new KernelWorkout(mount.Folder, options.Length, hasExtents, largestAttributeBytes: 200).Run(150);
        return KernelTree.Read(mount.Folder, blockSizeBytes: BlockSizeOf(options));
    }

    private static int BlockSizeOf(string options) =>
        options.Contains("-b 1024", StringComparison.Ordinal) ? 1024 : options.Contains("-b 2048", StringComparison.Ordinal) ? 2048 : 4096;
}
