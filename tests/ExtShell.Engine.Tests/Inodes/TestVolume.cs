using ExtShell.Engine.Allocation;
using ExtShell.Engine.Caching;
using ExtShell.Engine.Devices;
using ExtShell.Engine.Inodes;
using ExtShell.Engine.Journal;
using ExtShell.Engine.Kernel;
using ExtShell.Engine.Mapping;
using ExtShell.Format.Layout;
using ExtShell.Format.OnDisk;
using ExtShell.TestTools;

namespace ExtShell.Engine.Tests.Inodes;

/// <summary>
/// The floors up to inodes over an image in memory, with the image's journal, which counts the credits of every handle, or without one.
/// What is changed is at home after <see cref="Unmount"/>.
/// </summary>
internal sealed class TestVolume
{
    private readonly SimulatedDisk _disk;

    public TestVolume(byte[] image, bool usesJournal = false, IScheduleStrategy? strategy = null)
    {
        Machine = new Machine(strategy);
        Storage = PagedMemory.Of(image);
        _disk = new SimulatedDisk(Machine, Storage, default);
        VolumeGeometry geometry = VolumeGeometry.Read(_disk.Content);
        var buffers = new BufferCache(Machine, _disk, geometry.BlockSizeBytes);
        Context = new VolumeContext(geometry, buffers, new NoJournal(buffers), Machine, generationSeed: 17);
        if (usesJournal)
            Context = new VolumeContext(geometry, buffers, OpenJournal(buffers), Machine, generationSeed: 17);
        Inodes = new InodeTable(Context);
        Names = new Namespace(Context, Inodes);
    }

    public Machine Machine { get; }

    public PagedMemory Storage { get; }

    public VolumeContext Context { get; }

    public InodeTable Inodes { get; }

    public Namespace Names { get; }

    public static NewInode File { get; } = new(InodeMode.Regular | InodeMode.UserRead | InodeMode.UserWrite);

    public static NewInode Folder { get; } = new(InodeMode.Directory | InodeMode.UserRead | InodeMode.UserWrite | InodeMode.UserExecute);

    public static byte[] MakeImage(string size, params string[] options)
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "image");
        ReferenceImage.Make(path, size, options);
        return System.IO.File.ReadAllBytes(path);
    }

    public void Run(Func<ValueTask> body) => Machine.Run(body);

    public T Run<T>(Func<ValueTask<T>> body) => Machine.Run(body);

    public void Do(Action body) => Machine.Run(() =>
    {
        body();
        return default;
    });

    public void Create(string path) => Run(async () =>
    {
        (Inode inode, _) = await Names.CreateAsync(path, File, isExclusive: true);
        await Inodes.ReleaseAsync(inode);
    });

    public void MakeDirectory(string path) => Run(() => Names.MakeDirectoryAsync(path, Folder));

    public void Unlink(string path) => Run(() => Names.UnlinkAsync(path));

    public void RemoveDirectory(string path) => Run(() => Names.RemoveDirectoryAsync(path));

    public void Link(string existing, string path) => Run(() => Names.LinkAsync(existing, path));

    public void Rename(string from, string to, RenameOptions options = RenameOptions.None) =>
        Run(() => Names.RenameAsync(from, to, options));

    public T With<T>(string path, Func<Inode, T> body, bool followLast = true) => Run(async () =>
    {
        Inode inode = Names.Resolve(path, followLast);
        try
        {
            return body(inode);
        }
        finally
        {
            await Inodes.ReleaseAsync(inode);
        }
    });

    public IReadOnlyList<DirectoryName> List(string path) => With(path, Names.Directories.Enumerate);

    /// <summary>Maps and writes blocks of a file, as a write would that is on the device.</summary>
    public void Fill(string path, long offsetBytes, byte[] bytes) => Run(async () =>
    {
        Inode inode = Names.Resolve(path);
        int blockSize = Context.Geometry.BlockSizeBytes;
        Handle handle = await Context.Journal.StartAsync(200, "fill");
        for (int done = 0; done < bytes.Length; done += blockSize)
        {
            uint logical = (uint)((offsetBytes + done) / blockSize);
            BlockMapping mapping = inode.Map.Lookup(logical, 1);
            if (mapping.State == MappingState.Hole)
                mapping = inode.Map.Allocate(handle, logical, 1, MappingState.Written);
            Storage.Write(mapping.PhysicalBlock * blockSize, bytes.AsSpan(done, Math.Min(blockSize, bytes.Length - done)));
        }

        inode.SizeBytes = inode.DiskSizeBytes = Math.Max(inode.SizeBytes, offsetBytes + bytes.Length);
        inode.MarkDirty(handle);
        await handle.StopAsync();
        await Inodes.ReleaseAsync(inode);
    });

    /// <summary>What the blocks of a file hold on the device.</summary>
    public byte[] ReadDevice(string path) => With(path, inode =>
    {
        int blockSize = Context.Geometry.BlockSizeBytes;
        var bytes = new byte[(inode.SizeBytes + blockSize - 1) / blockSize * blockSize];
        foreach (BlockMapping mapping in inode.Map.Enumerate())
        {
            Span<byte> into = bytes.AsSpan((int)mapping.LogicalBlock * blockSize, mapping.LengthBlocks * blockSize);
            if (mapping.State == MappingState.Written)
                Storage.Read(mapping.PhysicalBlock * blockSize, into);
        }

        return bytes;
    });

    public void WriteBack() => Run(async () =>
    {
        foreach (Inode inode in Inodes.Live())
        {
            await inode.OrderedData.SubmitOrderedAsync(0, long.MaxValue);
            await inode.OrderedData.WaitForOrderedAsync(0, long.MaxValue);
        }
    });

    /// <summary>Writes everything home and answers the image.</summary>
    public byte[] Unmount()
    {
        WriteBack();
        Run(async () =>
        {
            Handle handle = await Context.Journal.StartAsync(1, "unmount");
            Inodes.Orphans.MarkNone(handle);
            StoreSummaries(handle);
            await handle.StopAsync();
            await Context.Journal.CloseAsync();
        });
        return Image();
    }

    private Jbd2Journal OpenJournal(BufferCache buffers)
    {
        Inode inode = new InodeTable(Context).GetReserved(InodeNumbers.Journal);
        JournalRun[] runs = [.. inode.Map.Enumerate().Select(run => new JournalRun(run.LogicalBlock, run.PhysicalBlock, run.LengthBlocks))];
        var journal = new JournalGeometry(Context.Geometry.BlockSizeBytes, Context.Geometry.BlocksCount, runs);
        return Jbd2Journal.Open(buffers, journal, new JournalOptions());
    }

    private void StoreSummaries(Handle handle)
    {
        Context.StoreSummaries(ref Context.SuperBlock.GetWriteAccess(handle));
        Context.SuperBlock.Dirty(handle);
    }

    public byte[] Image()
    {
        var image = new byte[Storage.LengthBytes];
        Storage.Read(0, image);
        return image;
    }

    public static void AssertClean(byte[] image)
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "image");
        System.IO.File.WriteAllBytes(path, image);
        ToolResult result = ExternalTool.Run("e2fsck", "-fn", path);
        Assert.True(result.ExitCode == 0, result.Output + result.Errors);
    }
}
