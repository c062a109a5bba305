using System.Runtime.InteropServices;
using ExtShell.Engine.Inodes;
using ExtShell.Format.Errors;
using ExtShell.Format.OnDisk;
using ExtShell.TestTools;

namespace ExtShell.Engine.Tests.Inodes;

public sealed class HashTreeTests
{
    [RequiresKernelMountTheory("mkfs.ext4", "e2fsck")]
    [InlineData("-b 4096", 2000)]
    [InlineData("-b 1024 -N 30000", 6000)]
    [InlineData("-b 1024 -N 30000 -O ^metadata_csum", 6000)]
    [InlineData("-b 1024 -N 30000 -E hash_alg=tea", 5000)]
    [InlineData("-b 1024 -N 30000 -E hash_alg=legacy", 5000)]
    public void A_hash_tree_that_the_kernel_made_is_read_completely_and_changed(string options, int count)
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "image");
        string[] words = options.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        int hash = Array.FindIndex(words, word => word.StartsWith("hash_alg", StringComparison.Ordinal));
        if (hash >= 0)
        {
            ReferenceImage.Make(path, "64M", words[..(hash - 1)]);
            ExternalTool.RunOrThrow("tune2fs", "-E", words[hash], path);
        }
        else
        {
            ReferenceImage.Make(path, "64M", words);
        }

        string Name(int i) => i % 5 == 0 ? $"né{i}" : $"{i}-{new string('z', i % 60)}";
        ReferenceImage.FillByKernel(path, "", mountPoint =>
        {
            Directory.CreateDirectory(Path.Combine(mountPoint, "many", "below"));
            for (int i = 0; i < count; i++)
                File.WriteAllText(Path.Combine(mountPoint, "many", Name(i)), "");
        });
        var volume = new TestVolume(File.ReadAllBytes(path));
        Assert.True(volume.With("/many", volume.Names.Directories.IsHashTree));
        var names = volume.List("/many").Select(entry => entry.Name).ToHashSet(StringComparer.Ordinal);
        Assert.Equal(count + 1, names.Count);
        Assert.All(Enumerable.Range(0, count), i => Assert.Contains(Name(i), names));
        for (int i = 0; i < count; i += 7)
            Assert.True(volume.With("/many/" + Name(i), inode => inode.IsRegular));
        Assert.Equal(Errno.ENOENT, Assert.Throws<FileSystemException>(() => volume.With("/many/missing", inode => 0)).Errno);
        Assert.Equal(2u, volume.With("/many/below/../..", inode => inode.Number));
        for (int i = 0; i < count; i += 2)
            volume.Unlink("/many/" + Name(i));
        for (int i = 0; i < count / 2; i++)
            volume.Create($"/many/more{i}");
        volume.Rename("/many/" + Name(1), "/many/renamed");
        volume.MakeDirectory("/elsewhere");
        volume.Rename("/many", "/elsewhere/many");
        TestVolume.AssertClean(volume.Unmount());
        File.WriteAllBytes(path, volume.Image());
        ReferenceImage.FillByKernel(path, "", mountPoint =>
        {
            string many = Path.Combine(mountPoint, "elsewhere", "many");
            Assert.Equal(names.Count - ((count + 1) / 2) + (count / 2), Directory.GetFileSystemEntries(many).Length);
            Assert.All(Enumerable.Range(0, count / 2), i => Assert.True(File.Exists(Path.Combine(many, $"more{i}"))));
            Assert.True(File.Exists(Path.Combine(many, "renamed")));
            Assert.True(Directory.Exists(Path.Combine(many, "..", "..", "elsewhere")));
            for (int i = 0; i < 300; i++)
                File.WriteAllText(Path.Combine(many, $"kernel{i}"), "");
        });
        TestVolume.AssertClean(File.ReadAllBytes(path));
    }

    [RequiresToolTheory("mkfs.ext4", "e2fsck")]
    [InlineData("-b 4096", 1)]
    [InlineData("-b 1024", 2)]
    [InlineData("-b 1024 -O ^metadata_csum", 3)]
    [InlineData("-b 2048 -O ^filetype", 4)]
    [InlineData("-b 1024 -O ^has_journal,^extent,^64bit", 5)]
    public void A_tree_holds_what_a_dictionary_holds(string options, int seed)
    {
        var volume = new TestVolume(TestVolume.MakeImage("32M", ["-N", "8192", .. options.Split(' ')]));
        volume.MakeDirectory("/d");
        volume.MakeDirectory("/other");
        var random = new Random(seed);
        var names = new List<string>();
        for (int i = 0; i < 4000; i++)
        {
            int choice = random.Next(10);
            if (choice < 7 || names.Count == 0)
            {
                string name = $"{i}{new string((char)('a' + random.Next(26)), random.Next(250))}";
                volume.Create("/d/" + name);
                names.Add(name);
                continue;
            }

            int at = random.Next(names.Count);
            if (choice < 9)
            {
                volume.Unlink("/d/" + names[at]);
                names.RemoveAt(at);
                continue;
            }

            string other = names[random.Next(names.Count)];
            string to = random.Next(2) == 0 ? $"moved{i}" : other;
            volume.Rename("/d/" + names[at], "/d/" + to);
            if (to == names[at])
                continue;
            names.RemoveAt(at);
            names.Remove(to);
            names.Add(to);
        }

        Assert.True(volume.With("/d", volume.Names.Directories.IsHashTree));
        Assert.Equal(names.Order(StringComparer.Ordinal), volume.List("/d").Select(entry => entry.Name).Order(StringComparer.Ordinal));
        Assert.All(names, name => Assert.True(volume.With("/d/" + name, inode => inode.IsRegular)));
        TestVolume.AssertClean(volume.Unmount());
        foreach (string name in names)
            volume.Unlink("/d/" + name);
        Assert.Empty(volume.List("/d"));
        TestVolume.AssertClean(volume.Unmount());
        volume.RemoveDirectory("/d");
        TestVolume.AssertClean(volume.Unmount());
    }

    [RequiresToolFact("mkfs.ext4", "e2fsck")]
    public void A_tree_grows_to_two_levels_and_moves_with_its_parent()
    {
        var volume = new TestVolume(TestVolume.MakeImage("32M", "-b", "1024", "-N", "8192"));
        volume.MakeDirectory("/d");
        for (int i = 0; i < 2000; i++)
            volume.Create($"/d/{i}-{new string('l', 240)}");
        Assert.Equal(1, Root(volume, "/d").IndirectLevels);
        for (int i = 0; i < 2000; i++)
            Assert.True(volume.With($"/d/{i}-{new string('l', 240)}", inode => inode.IsRegular));
        volume.MakeDirectory("/parent");
        volume.Rename("/d", "/parent/d");
        Assert.Equal(volume.With("/parent", inode => inode.Number), volume.With("/parent/d/..", inode => inode.Number));
        TestVolume.AssertClean(volume.Unmount());
    }

    [RequiresToolFact("mkfs.ext4", "e2fsck")]
    public void A_tree_that_is_full_takes_no_more_names_and_stays_sound()
    {
        var volume = new TestVolume(TestVolume.MakeImage("64M", "-b", "1024", "-N", "1024", "-O", "^has_journal"));
        volume.MakeDirectory("/d");
        volume.Create("/file");
        FileSystemException? full = null;
        int made = 0;
        for (; full is null; made += full is null ? 1 : 0)
        {
            try
            {
                if (made % 60000 == 0)
                    volume.Create($"/file{made / 60000}");
                volume.Link($"/file{made / 60000}", $"/d/{made}-{new string('l', 240)}");
            }
            catch (FileSystemException failure)
            {
                full = failure;
            }
        }

        Assert.Equal(Errno.ENOSPC, full.Errno);
        Assert.Contains("hash tree", full.Message, StringComparison.Ordinal);
        Assert.True(made > 20_000);
        Assert.Equal(made, volume.List("/d").Count);
        TestVolume.AssertClean(volume.Unmount());
        volume.Unlink($"/d/0-{new string('l', 240)}");
        volume.Link("/file0", $"/d/0-{new string('l', 240)}");
        TestVolume.AssertClean(volume.Unmount());
    }

    [RequiresToolTheory("mkfs.ext4", "e2fsck")]
    [InlineData("")]
    [InlineData("-O ^has_journal")]
    public void A_full_volume_costs_no_name_and_leaves_the_tree_sound(string options)
    {
        string[] words = options.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var volume = new TestVolume(TestVolume.MakeImage("4M", ["-b", "1024", "-N", "64", .. words]));
        volume.MakeDirectory("/d");
        volume.Create("/file");
        int made = 0;
        for (FileSystemException? full = null; full is null; made += full is null ? 1 : 0)
        {
            try
            {
                volume.Link("/file", $"/d/{made}-{new string('l', 240)}");
            }
            catch (FileSystemException failure)
            {
                full = failure;
            }
        }

        Assert.Equal(made, volume.List("/d").Count);
        TestVolume.AssertClean(volume.Unmount());
    }

    [RequiresToolFact("mkfs.ext4", "e2fsck")]
    public void Names_of_one_hash_are_parted_and_found()
    {
        var volume = new TestVolume(TestVolume.MakeImage("8M", "-b", "1024", "-N", "4096"));
        volume.MakeDirectory("/a");
        List<string> names = FindCollisions(volume, 300_000, new string('l', 240));
        for (int i = 0; i < names.Count; i++)
            volume.Create("/a/" + names[i]);
        Assert.Contains(Entries(volume, "/a"), entry => (entry.Hash.Value & 1) != 0);
        Assert.All(names, name => Assert.True(volume.With("/a/" + name, inode => inode.IsRegular)));
        TestVolume.AssertClean(volume.Unmount());
        foreach (string name in names)
            volume.Unlink("/a/" + name);
        TestVolume.AssertClean(volume.Unmount());
    }

    [RequiresToolFact("mkfs.ext4", "e2fsck")]
    public void A_tree_has_more_subdirectories_than_its_link_count_can_say()
    {
        var volume = new TestVolume(TestVolume.MakeImage("8M", "-b", "1024"));
        volume.MakeDirectory("/a");
        for (int i = 0; i < 50; i++)
            volume.MakeDirectory($"/a/{i}-{new string('l', 100)}");
        volume.With("/a", inode => inode.LinksCount = Inode.MaxLinks);
        volume.MakeDirectory("/a/one");
        Assert.Equal(1, volume.With("/a", inode => inode.LinksCount));
        volume.MakeDirectory("/a/another");
        volume.RemoveDirectory("/a/one");
        Assert.Equal(1, volume.With("/a", inode => inode.LinksCount));
        TestVolume.AssertClean(volume.Unmount());
    }

    [RequiresToolFact("mkfs.ext4", "e2fsck")]
    public void Names_whose_hash_goes_on_in_the_next_leaf_are_found_in_the_tree_that_e2fsck_made()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "image");
        var setup = new TestVolume(TestVolume.MakeImage("8M", "-b", "1024", "-N", "4096", "-O", "^dir_index"));
        setup.MakeDirectory("/a");
        List<string> names = FindCollisions(setup, 700_000, "abcdefghijklmnopqrstu");
        Assert.True(names.Count > 120);
        foreach (string name in names)
            setup.Create("/a/" + name);
        File.WriteAllBytes(path, setup.Unmount());
        ExternalTool.Run("tune2fs", "-O", "dir_index", path);
        ExternalTool.Run("e2fsck", "-fyD", path);
        var volume = new TestVolume(File.ReadAllBytes(path));
        Assert.True(volume.With("/a", volume.Names.Directories.IsHashTree));
        foreach (string name in names)
            Assert.True(volume.With("/a/" + name, inode => inode.IsRegular));
    }

    /// <summary>Names that share their hash with another one.</summary>
    private static List<string> FindCollisions(TestVolume volume, int count, string ending)
    {
        SuperBlock superBlock = volume.Context.SuperBlock.Value;
        DirectoryHashVersion version = DirectoryHash.Effective(
            (DirectoryHashVersion)superBlock.DefaultHashVersion, (SuperBlockFlags)superBlock.Flags.Value);
        var byHash = new Dictionary<uint, string>();
        var names = new List<string>();
        for (int i = 0; i < count; i++)
        {
            string name = $"{i}-{ending}";
            (uint hash, _) = DirectoryHash.Compute(version, superBlock.HashSeed, FileName.Encode(name));
            if (!byHash.TryAdd(hash, name))
                names.AddRange([name, byHash[hash]]);
        }

        return [.. names.Distinct()];
    }

    private static DxRoot Root(TestVolume volume, string path) => volume.With(path, directory =>
    {
        long block = directory.Map.Lookup(0, 1).PhysicalBlock;
        return MemoryMarshal.Read<DxRoot>(volume.Context.Buffers.Get(block).Read(0, DxRoot.EntriesOffsetBytes));
    });

    private static List<DxEntry> Entries(TestVolume volume, string path) => volume.With(path, directory =>
    {
        var entries = new List<DxEntry>();
        long block = directory.Map.Lookup(0, 1).PhysicalBlock;
        ReadOnlySpan<byte> bytes = volume.Context.Buffers.Get(block).Read(0, volume.Context.Geometry.BlockSizeBytes);
        int count = MemoryMarshal.Read<DxCountLimit>(bytes[DxRoot.EntriesOffsetBytes..]).Count;
        for (int i = 1; i < count; i++)
            entries.Add(MemoryMarshal.Read<DxEntry>(bytes[(DxRoot.EntriesOffsetBytes + (i * DxEntry.SizeBytes))..]));
        return entries;
    });
}
