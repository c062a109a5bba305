using System.Text;
using ExtShell.Engine.Inodes;
using ExtShell.Engine.Journal;
using ExtShell.Format.Errors;
using ExtShell.Format.OnDisk;
using ExtShell.TestTools;

namespace ExtShell.Engine.Tests.Inodes;

public sealed class InodeTests
{
    [RequiresToolTheory("mkfs.ext4")]
    [InlineData("-b 4096")]
    [InlineData("-I 512")]
    [InlineData("-I 128 -O ^metadata_csum")]
    public void Storing_an_inode_changes_only_what_was_changed(string options)
    {
        byte[] image = TestVolume.MakeImage("8M", options.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        var volume = new TestVolume(image);
        int size = volume.Context.Geometry.InodeSizeBytes;
        long offset = volume.With("/lost+found", inode => inode.ImageOffsetBytes);
        volume.Run(async () =>
        {
            Inode inode = volume.Names.Resolve("/lost+found");
            Handle handle = await volume.Context.Journal.StartAsync(5, "test");
            inode.MarkDirty(handle);
            await handle.StopAsync();
            await volume.Context.Journal.FlushAsync();
        });
        Assert.Equal(image, volume.Image());
        Assert.Equal(size, image.AsSpan((int)offset, size).Length);
    }

    [RequiresToolFact("mkfs.ext4", "debugfs")]
    public void Times_of_all_epochs_and_projects_survive()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "image");
        ReferenceImage.Make(path, "8M");
        var volume = new TestVolume(File.ReadAllBytes(path));
        volume.Create("/f");
        volume.Run(async () =>
        {
            Inode inode = volume.Names.Resolve("/f");
            Handle handle = await volume.Context.Journal.StartAsync(5, "test");
            inode.ModifyTime = new Timestamp(5_000_000_000, 123_456_789);
            inode.AccessTime = new Timestamp(-86_400, 1);
            inode.MarkDirty(handle);
            await handle.StopAsync();
        });
        File.WriteAllBytes(path, volume.Unmount());
        string stat = ExternalTool.RunOrThrow("debugfs", "-R", "stat /f", path);
        Assert.Contains("mtime: 0x2a05f200:1d6f3455", stat, StringComparison.Ordinal);
        volume = new TestVolume(File.ReadAllBytes(path));
        Assert.Equal(new Timestamp(5_000_000_000, 123_456_789), volume.With("/f", inode => inode.ModifyTime));
        Assert.Equal(new Timestamp(-86_400, 1), volume.With("/f", inode => inode.AccessTime));
    }

    [RequiresKernelMountFact("mkfs.ext4", "e2fsck", "setfattr", "mknod")]
    public void Links_devices_and_attributes_that_the_kernel_made_are_read_and_given_back()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "image");
        ReferenceImage.Make(path, "16M", "-b", "4096");
        string large = new('v', 2000);
        ReferenceImage.FillByKernel(path, "", mountPoint =>
        {
            string In(string name) => Path.Combine(mountPoint, name);
            Directory.CreateDirectory(In("dir"));
            File.WriteAllText(In("dir/file"), "x");
            File.CreateSymbolicLink(In("short"), "dir/file");
            File.CreateSymbolicLink(In("absolute"), "/dir/../short");
            File.CreateSymbolicLink(In("long"), "dir/" + string.Concat(Enumerable.Repeat("../dir/", 30)) + "file");
            File.CreateSymbolicLink(In("self"), "self");
            File.CreateSymbolicLink(In("dangling"), "dir/new");
            ExternalTool.RunOrThrow("mknod", In("device"), "c", "5", "1");
            ExternalTool.RunOrThrow("mknod", In("pipe"), "p");
            ExternalTool.RunOrThrow("setfattr", "-n", "user.small", "-v", "value", In("dir/file"));
            ExternalTool.RunOrThrow("setfattr", "-n", "user.large", "-v", large, In("dir/file"));
            File.WriteAllText(In("twin"), "");
            ExternalTool.RunOrThrow("setfattr", "-n", "user.large", "-v", large, In("twin"));
        });
        var volume = new TestVolume(File.ReadAllBytes(path));
        uint file = volume.With("/dir/file", inode => inode.Number);
        foreach (string link in new[] { "/short", "/absolute", "/long" })
            Assert.Equal(file, volume.With(link, inode => inode.Number));
        Assert.Equal("dir/file", Encoding.UTF8.GetString(volume.With("/short", volume.Names.Links.Read, followLast: false)));
        Assert.Equal(Errno.ELOOP, Error(() => volume.With("/self", inode => 0)));
        Assert.Equal(Errno.ENOENT, Error(() => volume.With("/dangling", inode => 0)));
        Assert.Equal(Errno.ENOTDIR, Error(() => volume.With("/short/x", inode => 0)));
        Assert.Equal(Errno.ENOTDIR, Error(() => volume.With("/short/", inode => 0)));
        Assert.True(volume.With("/device", inode => inode.IsDevice));
        Assert.Equal(InodeMode.Fifo, volume.With("/pipe", inode => inode.Type));
        Assert.Equal(["user.small", "user.large"], volume.With("/dir/file", volume.Inodes.Attributes.List).Order().Reverse());
        Assert.Equal("value", Attribute(volume, "/dir/file", "user.small"));
        Assert.Equal(large, Attribute(volume, "/dir/file", "user.large"));
        Assert.Null(Attribute(volume, "/dir/file", "user.none"));

        (uint made, bool isNew) = volume.Run(async () =>
        {
            (Inode inode, bool fresh) = await volume.Names.CreateAsync("/dangling", TestVolume.File);
            uint number = inode.Number;
            await volume.Inodes.ReleaseAsync(inode);
            return (number, fresh);
        });
        Assert.True(isNew);
        Assert.Equal(made, volume.With("/dir/new", inode => inode.Number));
        foreach (string name in new[] { "/short", "/long", "/self", "/device", "/pipe", "/dir/file" })
            volume.Unlink(name);
        byte[] image = volume.Unmount();
        TestVolume.AssertClean(image);
        volume = new TestVolume(image);
        Assert.Equal(large, Attribute(volume, "/twin", "user.large"));
        volume.Unlink("/twin");
        TestVolume.AssertClean(volume.Unmount());
    }

    private static string? Attribute(TestVolume volume, string path, string name) =>
        volume.With(path, inode => volume.Inodes.Attributes.Get(inode, name)) is { } value ? Encoding.UTF8.GetString(value) : null;

    [RequiresToolTheory("mkfs.ext4")]
    [InlineData("", Errno.ENOENT)]
    [InlineData("/missing", Errno.ENOENT)]
    [InlineData("/missing/below", Errno.ENOENT)]
    [InlineData("/f/below", Errno.ENOTDIR)]
    [InlineData("/f/", Errno.ENOTDIR)]
    [InlineData("/f/.", Errno.ENOTDIR)]
    public void Paths_fail_as_on_Linux(string path, Errno expected)
    {
        var volume = new TestVolume(TestVolume.MakeImage("8M"));
        volume.Create("/f");
        Assert.Equal(expected, Error(() => volume.With(path, inode => 0)));
    }

    [RequiresToolFact("mkfs.ext4")]
    public void Operations_on_paths_that_end_with_no_name_fail_as_on_Linux()
    {
        var volume = new TestVolume(TestVolume.MakeImage("8M"));
        volume.MakeDirectory("/d/");
        volume.Create("f");
        Assert.Equal(Errno.EISDIR, Error(() => volume.Unlink("/")));
        Assert.Equal(Errno.EISDIR, Error(() => volume.Unlink("/d/.")));
        Assert.Equal(Errno.EBUSY, Error(() => volume.RemoveDirectory("/")));
        Assert.Equal(Errno.EINVAL, Error(() => volume.RemoveDirectory("/d/.")));
        Assert.Equal(Errno.ENOTEMPTY, Error(() => volume.RemoveDirectory("/d/..")));
        Assert.Equal(Errno.EEXIST, Error(() => volume.MakeDirectory("/d/.")));
        Assert.Equal(Errno.EISDIR, Error(() => volume.Run(async () => await volume.Names.CreateAsync("/d", TestVolume.File))));
        Assert.Equal(Errno.EISDIR, Error(() => volume.Run(async () => await volume.Names.CreateAsync("/new/", TestVolume.File))));
        Assert.Equal(Errno.EBUSY, Error(() => volume.Rename("/d/..", "/e")));
        Assert.Equal(Errno.ENOTDIR, Error(() => volume.Rename("/f", "/g/")));
        Assert.Equal(Errno.ENOENT, Error(() => volume.Link("/f", "/g/")));
        Assert.Equal(Errno.ENAMETOOLONG, Error(() => volume.With("/" + string.Concat(Enumerable.Repeat("./", 3000)), inode => 0)));
        Assert.Equal(2u, volume.With("//./d/../", inode => inode.Number));
    }

    [RequiresToolFact("mkfs.ext4")]
    public void Immutable_and_append_only_files_keep_their_names()
    {
        var volume = new TestVolume(TestVolume.MakeImage("8M"));
        volume.MakeDirectory("/d");
        volume.Create("/d/f");
        volume.With("/d/f", inode => inode.Flags |= InodeFlags.AppendOnly);
        Assert.Equal(Errno.EPERM, Error(() => volume.Unlink("/d/f")));
        Assert.Equal(Errno.EPERM, Error(() => volume.Link("/d/f", "/d/g")));
        Assert.Equal(Errno.EPERM, Error(() => volume.Rename("/d/f", "/d/g")));
        volume.With("/d/f", inode => inode.Flags &= ~InodeFlags.AppendOnly);
        volume.With("/d", inode => inode.Flags |= InodeFlags.Immutable);
        Assert.Equal(Errno.EPERM, Error(() => volume.Create("/d/g")));
        Assert.Equal(Errno.EPERM, Error(() => volume.Unlink("/d/f")));
        volume.With("/d", inode => inode.Flags &= ~InodeFlags.Immutable);
        volume.Unlink("/d/f");
    }

    [RequiresToolFact("mkfs.ext4", "e2fsck")]
    public void A_stopped_journal_leaves_the_unlinked_file_to_the_next_mount()
    {
        var volume = new TestVolume(TestVolume.MakeImage("8M"));
        volume.Create("/f");
        volume.Run(async () =>
        {
            Inode inode = volume.Names.Resolve("/f");
            await volume.Names.UnlinkAsync("/f");
            await volume.Context.Journal.FlushAsync();
            volume.Context.Journal.Abort(Errno.EIO);
            await volume.Inodes.ReleaseAsync(inode);
            Assert.True(inode.IsOrphan);
        });
        Assert.Equal(Errno.EROFS, Error(() => volume.Create("/g")));
        var next = new TestVolume(volume.Image());
        Assert.Equal(new OrphanReport(0, 1), next.Run(() => next.Inodes.Orphans.RecoverAsync()));
        TestVolume.AssertClean(next.Unmount());
    }

    [RequiresToolTheory("mkfs.ext4")]
    [InlineData("-O ^metadata_csum", 11)]
    [InlineData("-b 4096", 12)]
    public void A_damaged_inode_gives_a_typed_error_or_an_answer(string options, int seed)
    {
        var volume = new TestVolume(TestVolume.MakeImage("8M", options.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        volume.MakeDirectory("/d");
        volume.Create("/d/f");
        volume.Fill("/d/f", 0, new byte[20_000]);
        int offset = (int)volume.With("/d", inode => inode.ImageOffsetBytes);
        int fileOffset = (int)volume.With("/d/f", inode => inode.ImageOffsetBytes);
        byte[] image = volume.Unmount();
        var random = new Random(seed);
        for (int round = 0; round < 300; round++)
        {
            byte[] damaged = (byte[])image.Clone();
            for (int i = random.Next(1, 4); i > 0; i--)
                damaged[(random.Next(2) == 0 ? offset : fileOffset) + random.Next(160)] = (byte)random.Next(256);
            Use(damaged);
        }
    }

    private static void Use(byte[] image)
    {
        var volume = new TestVolume(image);
        Action[] uses =
        [
            () => volume.List("/d"),
            () => volume.With("/d/f", inode => volume.Inodes.Attributes.List(inode)),
            () => volume.With("/d/f", inode => inode.Map.Enumerate().Count()),
            () => volume.Create("/d/g"),
            () => volume.Unlink("/d/f"),
            () => volume.RemoveDirectory("/d"),
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

    private static Errno Error(Action action) => Assert.Throws<FileSystemException>(action).Errno;
}
