using ExtShell.Engine.Inodes;
using ExtShell.Format.Errors;
using ExtShell.TestTools;

namespace ExtShell.Engine.Tests.Inodes;

public sealed class DirectoryTests
{
    [RequiresToolTheory("mkfs.ext4", "e2fsck")]
    [InlineData("-b 4096 -O ^dir_index")]
    [InlineData("-b 1024 -O ^dir_index")]
    public void A_linear_directory_of_many_blocks_is_sound_and_gives_its_room_back(string options)
    {
        var volume = new TestVolume(TestVolume.MakeImage("32M", ["-N", "8192", .. options.Split(' ')]));
        volume.MakeDirectory("/many");
        for (int i = 0; i < 3000; i++)
            volume.Create($"/many/file-{i:D4}");
        long size = volume.With("/many", inode => inode.SizeBytes);
        Assert.True(size > 10 * volume.Context.Geometry.BlockSizeBytes);
        for (int i = 0; i < 3000; i += 3)
            volume.Unlink($"/many/file-{i:D4}");
        for (int i = 0; i < 500; i++)
            volume.Create($"/many/again{i:D4}");
        Assert.Equal(size, volume.With("/many", inode => inode.SizeBytes));
        byte[] image = volume.Unmount();
        TestVolume.AssertClean(image);

        volume = new TestVolume(image);
        Assert.Equal(2500, volume.List("/many").Count);
        for (int i = 500; i < 1000; i++)
            volume.Create($"/many/again{i:D4}");
        Assert.Equal(size, volume.With("/many", inode => inode.SizeBytes));
        TestVolume.AssertClean(volume.Unmount());
    }

    [RequiresKernelMountFact("mkfs.ext4", "e2fsck")]
    public void The_kernel_reads_and_extends_a_linear_directory_of_many_blocks()
    {
        using var folder = new TemporaryFolder();
        var volume = new TestVolume(TestVolume.MakeImage("32M", "-b", "4096", "-N", "8192", "-O", "^dir_index"));
        volume.MakeDirectory("/many");
        for (int i = 0; i < 1000; i++)
            volume.Create($"/many/{i}-{new string('y', i % 200)}");
        string path = Path.Combine(folder.Path, "image");
        File.WriteAllBytes(path, volume.Unmount());
        ReferenceImage.FillByKernel(path, "", mountPoint =>
        {
            Assert.Equal(1000, Directory.GetFiles(Path.Combine(mountPoint, "many")).Length);
            for (int i = 0; i < 500; i++)
                File.WriteAllText(Path.Combine(mountPoint, "many", $"kernel-{i}"), "");
            File.Delete(Path.Combine(mountPoint, "many", "0-"));
        });
        TestVolume.AssertClean(File.ReadAllBytes(path));
        volume = new TestVolume(File.ReadAllBytes(path));
        Assert.Equal(1499, volume.List("/many").Count);
        Assert.False(volume.With("/many", volume.Names.Directories.IsHashTree));
    }

    [RequiresToolTheory("mkfs.ext4")]
    [InlineData("-O ^metadata_csum -b 4096", 1)]
    [InlineData("-O ^metadata_csum -b 1024", 2)]
    [InlineData("-b 4096", 3)]
    public void A_damaged_directory_block_gives_a_typed_error_or_an_answer(string options, int seed)
    {
        var volume = new TestVolume(TestVolume.MakeImage("8M", options.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        volume.MakeDirectory("/a");
        for (int i = 0; i < 40; i++)
            volume.Create($"/a/name-{i}");
        int offset = (int)volume.With("/a", inode => inode.Map.Lookup(0, 1).PhysicalBlock * volume.Context.Geometry.BlockSizeBytes);
        byte[] image = volume.Unmount();
        var random = new Random(seed);
        for (int round = 0; round < 200; round++)
        {
            byte[] damaged = (byte[])image.Clone();
            for (int i = random.Next(1, 6); i > 0; i--)
            {
                int at = random.Next(3) == 0 ? random.Next(volume.Context.Geometry.BlockSizeBytes) : random.Next(120) * 4;
                damaged[offset + at] = (byte)random.Next(256);
            }

            Use(damaged, random);
        }
    }

    [RequiresToolTheory("mkfs.ext4", "e2fsck")]
    [InlineData("-O ^metadata_csum -b 1024 -N 4096", 4)]
    [InlineData("-b 1024 -N 4096", 5)]
    public void A_damaged_hash_tree_gives_a_typed_error_or_an_answer(string options, int seed)
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "image");
        var setup = new TestVolume(TestVolume.MakeImage("8M", options.Split(' ')));
        setup.MakeDirectory("/a");
        for (int i = 0; i < 1500; i++)
            setup.Create($"/a/name-{i}-{new string('h', i % 120)}");
        File.WriteAllBytes(path, setup.Unmount());
        ExternalTool.Run("e2fsck", "-fyD", path);
        byte[] image = File.ReadAllBytes(path);
        var volume = new TestVolume(image);
        Assert.True(volume.With("/a", volume.Names.Directories.IsHashTree));
        Assert.Equal(1500, volume.List("/a").Count);
        int blockSize = volume.Context.Geometry.BlockSizeBytes;
        int[] inner = volume.With("/a", inode => FindInner(volume, inode, image, blockSize));
        Assert.True(inner.Length > 1);
        var random = new Random(seed);
        for (int round = 0; round < 300; round++)
        {
            byte[] damaged = (byte[])image.Clone();
            int block = random.Next(3) == 0 ? inner[0] : inner[random.Next(inner.Length)];
            for (int i = random.Next(1, 4); i > 0; i--)
                damaged[(block * blockSize) + random.Next(random.Next(2) == 0 ? 80 : blockSize)] = (byte)random.Next(256);
            Use(damaged, random);
        }
    }

    /// <summary>The blocks of the root and the nodes.</summary>
    private static int[] FindInner(TestVolume volume, Inode inode, byte[] image, int blockSize)
    {
        int[] blocks = [.. inode.Map.Enumerate().SelectMany(run => Enumerable.Range((int)run.PhysicalBlock, run.LengthBlocks))];
        bool IsNode(int block) => BitConverter.ToUInt64(image, block * blockSize) == (ulong)blockSize << 32;
        return [blocks[0], .. blocks.Skip(1).Where(IsNode)];
    }

    private static void Use(byte[] image, Random random)
    {
        var volume = new TestVolume(image);
        Action[] uses =
        [
            () => volume.List("/a"),
            () => volume.With("/a/name-7", inode => inode.Number),
            () => volume.Create("/a/more"),
            () => volume.Unlink($"/a/name-{random.Next(40)}"),
            () => volume.MakeDirectory("/a/folder"),
            () => volume.Rename("/a/name-1", "/b"),
            () => volume.With("/a/..", inode => inode.Number),
            () => volume.RemoveDirectory("/a"),
        ];
        foreach (Action use in uses)
        {
            try
            {
                use();
            }
            catch (Exception failure) when (failure is CorruptionException or FileSystemException)
            {
            }
        }
    }

    [RequiresToolFact("mkfs.ext4")]
    public void Names_of_any_bytes_are_shown_and_found_again()
    {
        var volume = new TestVolume(TestVolume.MakeImage("8M"));
        string strange = FileName.Decode([0xFF, (byte)'a', 0xC3, 0x28, 0xE2, 0x82]);
        volume.Create("/" + strange);
        volume.Create("/" + new string('n', 255));
        Assert.Contains(volume.List("/"), entry => entry.NameBytes.Span.SequenceEqual<byte>([0xFF, (byte)'a', 0xC3, 0x28, 0xE2, 0x82]));
        Assert.True(volume.With("/" + strange, inode => inode.IsRegular));
        Assert.Equal(Errno.ENAMETOOLONG, Assert.Throws<FileSystemException>(() => volume.Create("/" + new string('n', 256))).Errno);
        Assert.Equal(Errno.ENAMETOOLONG, Assert.Throws<FileSystemException>(() => volume.Create("/" + new string('é', 128))).Errno);
    }

    [RequiresToolFact("mkfs.ext4", "e2fsck")]
    public void A_directory_takes_no_more_subdirectories_than_its_link_count_can_say()
    {
        var volume = new TestVolume(TestVolume.MakeImage("8M"));
        volume.MakeDirectory("/a");
        volume.With("/a", inode => inode.LinksCount = Inode.MaxLinks);
        Assert.Equal(Errno.EMLINK, Assert.Throws<FileSystemException>(() => volume.MakeDirectory("/a/b")).Errno);
        volume.With("/a", inode => inode.LinksCount = 2);
        volume.Create("/f");
        volume.With("/f", inode => inode.LinksCount = Inode.MaxLinks);
        Assert.Equal(Errno.EMLINK, Assert.Throws<FileSystemException>(() => volume.Link("/f", "/g")).Errno);
        volume.With("/f", inode => inode.LinksCount = 1);
        TestVolume.AssertClean(volume.Unmount());
    }

    [RequiresToolFact("mkfs.ext4", "e2fsck")]
    public void A_full_volume_leaves_no_half_made_files()
    {
        var volume = new TestVolume(TestVolume.MakeImage("2M", "-b", "1024", "-O", "^has_journal"));
        volume.MakeDirectory("/d");
        int made = 0;
        FileSystemException? full = null;
        for (; full is null; made++)
        {
            try
            {
                volume.MakeDirectory($"/d/{made}-{new string('q', 200)}");
            }
            catch (FileSystemException failure)
            {
                full = failure;
            }
        }

        Assert.Equal(Errno.ENOSPC, full.Errno);
        Assert.Equal(made - 1, volume.List("/d").Count);
        Assert.True(volume.Inodes.Orphans.IsEmpty);
        TestVolume.AssertClean(volume.Unmount());
    }
}
