using System.Buffers.Binary;
using ExtShell.Engine.Inodes;
using ExtShell.Engine.Journal;
using ExtShell.Format.Errors;
using ExtShell.TestTools;

namespace ExtShell.Engine.Tests.Inodes;

public sealed class OrphanListTests
{
    private const int LastOrphanOffset = 1024 + 0xE8;
    private const int DeletionTimeOffset = 0x14;

    /// <summary>An image as a crash leaves it: some files unlinked while open, some that were being truncated.</summary>
    private static (byte[] Image, long FreeBlocks, long FreeInodes) MakeCrashed(string options, int unlinked, int truncated)
    {
        var volume = new TestVolume(TestVolume.MakeImage("16M", options.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        var random = new Random(5);
        for (int i = 0; i < unlinked + truncated; i++)
        {
            volume.Create($"/f{i}");
            volume.Fill($"/f{i}", 0, new byte[40_960]);
        }

        volume.Run(async () =>
        {
            for (int i = 0; i < unlinked + truncated; i++)
            {
                Inode inode = volume.Names.Resolve($"/f{i}");
                if (i < unlinked)
                {
                    await volume.Names.UnlinkAsync($"/f{i}");
                    continue;
                }

                Handle handle = await volume.Context.Journal.StartAsync(10, "test");
                volume.Inodes.Orphans.Add(handle, inode);
                inode.DiskSizeBytes = 10_000;
                inode.MarkDirty(handle);
                await handle.StopAsync();
            }

            Assert.False(volume.Inodes.Orphans.IsEmpty);
            await volume.Context.Journal.FlushAsync();
        });
        return (volume.Image(), volume.Context.Blocks.FreeBlocksCount, volume.Context.Inodes.FreeInodesCount);
    }

    [RequiresToolTheory("mkfs.ext4", "e2fsck")]
    [InlineData("-b 4096")]
    [InlineData("-b 1024")]
    [InlineData("-b 4096 -O orphan_file")]
    [InlineData("-O orphan_file,^metadata_csum")]
    public void Recovery_deletes_what_has_no_name_and_truncates_the_rest(string options)
    {
        (byte[] image, long freeBlocks, long freeInodes) = MakeCrashed(options, unlinked: 5, truncated: 3);
        var volume = new TestVolume(image, usesJournal: true);
        OrphanReport report = volume.Run(() => volume.Inodes.Orphans.RecoverAsync());
        Assert.Equal(new OrphanReport(3, 5), report);
        Assert.True(volume.Inodes.Orphans.IsEmpty);
        Assert.Equal(freeInodes + 5, volume.Context.Inodes.FreeInodesCount);
        Assert.True(volume.Context.Blocks.FreeBlocksCount > freeBlocks);
        for (int i = 5; i < 8; i++)
        {
            Assert.Equal(10_000, volume.With($"/f{i}", inode => inode.SizeBytes));
            Assert.True(volume.With($"/f{i}", inode => inode.AllocatedBytes) <= 12_288);
        }

        TestVolume.AssertClean(volume.Unmount());
    }

    [RequiresToolTheory("mkfs.ext4", "e2fsck")]
    [InlineData("-b 4096")]
    [InlineData("-b 4096 -O orphan_file")]
    public void The_reference_checker_understands_the_list(string options)
    {
        (byte[] image, _, _) = MakeCrashed(options, unlinked: 4, truncated: 2);
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "image");
        File.WriteAllBytes(path, image);
        ToolResult result = ExternalTool.Run("e2fsck", "-fy", path);
        Assert.True(result.ExitCode is 0 or 1, result.Output);
        Assert.Contains("Clearing orphaned inode", result.Output, StringComparison.Ordinal);
        Assert.Contains("Truncating orphaned inode", result.Output, StringComparison.Ordinal);
        TestVolume.AssertClean(File.ReadAllBytes(path));
    }

    [RequiresKernelMountTheory("mkfs.ext4", "e2fsck", "debugfs")]
    [InlineData("-b 4096")]
    [InlineData("-b 4096 -O orphan_file")]
    public void What_the_kernel_left_behind_is_recovered(string options)
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "image");
        string copy = Path.Combine(folder.Path, "copy");
        ReferenceImage.Make(path, "16M", options.Split(' '));
        ReferenceImage.FillByKernel(path, "", mountPoint => LeaveOrphans(mountPoint, () => File.Copy(path, copy)));
        ExternalTool.RunOrThrow("debugfs", "-w", "-R", "journal_run", copy);

        var volume = new TestVolume(File.ReadAllBytes(copy));
        OrphanReport report = volume.Run(() => volume.Inodes.Orphans.RecoverAsync());
        Assert.Equal(new OrphanReport(0, 3), report);
        TestVolume.AssertClean(volume.Unmount());
    }

    /// <summary>Unlinks files while they are open, and takes the image then.</summary>
    private static void LeaveOrphans(string mountPoint, Action copy)
    {
        var open = new List<FileStream>();
        try
        {
            for (int i = 0; i < 3; i++)
            {
                FileStream stream = File.Create(Path.Combine(mountPoint, $"f{i}"));
                open.Add(stream);
                stream.Write(new byte[50_000]);
                stream.Flush(true);
                File.Delete(stream.Name);
            }

            ExternalTool.RunOrThrow("sync", "-f", mountPoint);
            copy();
        }
        finally
        {
            open.ForEach(stream => stream.Dispose());
        }
    }

    [RequiresToolFact("mkfs.ext4", "e2fsck")]
    public void Inodes_leave_the_middle_of_the_chain()
    {
        var volume = new TestVolume(TestVolume.MakeImage("8M"));
        for (int i = 0; i < 6; i++)
            volume.Create($"/f{i}");
        volume.Run(async () =>
        {
            Inode[] inodes = [.. Enumerable.Range(0, 6).Select(i => volume.Names.Resolve($"/f{i}"))];
            OrphanList orphans = volume.Inodes.Orphans;
            Handle handle = await volume.Context.Journal.StartAsync(100, "test");
            foreach (Inode inode in inodes)
                orphans.Add(handle, inode);
            orphans.Add(handle, inodes[2]);
            foreach (int i in new[] { 2, 5, 0 })
                orphans.Remove(handle, inodes[i]);
            orphans.Remove(handle, inodes[2]);
            Assert.Equal(inodes[4].Number, volume.Context.SuperBlock.Value.LastOrphan.Value);
            Assert.Equal([4, 3, 1], Chain(volume).Select(number => Array.FindIndex(inodes, inode => inode.Number == number)));
            foreach (int i in new[] { 1, 4, 3 })
                orphans.Remove(handle, inodes[i]);
            Assert.True(orphans.IsEmpty);
            Assert.Empty(Chain(volume));
            await handle.StopAsync();
            foreach (Inode inode in inodes)
                await volume.Inodes.ReleaseAsync(inode);
        });
        TestVolume.AssertClean(volume.Unmount());
    }

    private static List<uint> Chain(TestVolume volume)
    {
        var numbers = new List<uint>();
        for (uint number = volume.Context.SuperBlock.Value.LastOrphan; number != 0;)
        {
            numbers.Add(number);
            int offset = (int)volume.Inodes.Find(number)!.ImageOffsetBytes;
            number = BinaryPrimitives.ReadUInt32LittleEndian(volume.Context.Buffers.Read(offset + DeletionTimeOffset, 4));
        }

        return numbers;
    }

    [RequiresToolTheory("mkfs.ext4")]
    [InlineData("a number beyond the volume", 100_000u)]
    [InlineData("a reserved inode", 2u)]
    [InlineData("a free inode", 3000u)]
    public void A_chain_that_begins_wrong_is_refused(string what, uint number)
    {
        (byte[] image, _, _) = MakeCrashed("-O ^metadata_csum", unlinked: 2, truncated: 0);
        BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan(LastOrphanOffset), number);
        var volume = new TestVolume(image);
        CorruptionException failure = Assert.Throws<CorruptionException>(() => volume.Run(() => volume.Inodes.Orphans.RecoverAsync()));
        Assert.True(failure.Field == "s_last_orphan", what);
    }

    [RequiresToolFact("mkfs.ext4")]
    public void A_chain_that_goes_in_a_circle_is_refused_before_anything_is_changed()
    {
        (byte[] image, _, _) = MakeCrashed("-O ^metadata_csum", unlinked: 3, truncated: 0);
        var volume = new TestVolume(image);
        uint first = volume.Context.SuperBlock.Value.LastOrphan;
        long offset = 0;
        volume.Do(() =>
        {
            Inode inode = volume.Inodes.GetReserved(first);
            offset = inode.ImageOffsetBytes;
        });
        uint second = BinaryPrimitives.ReadUInt32LittleEndian(image.AsSpan((int)offset + DeletionTimeOffset));
        volume.Do(() => offset = volume.Inodes.GetReserved(second).ImageOffsetBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan((int)offset + DeletionTimeOffset), first);
        volume = new TestVolume(image);
        Assert.Throws<CorruptionException>(() => volume.Run(() => volume.Inodes.Orphans.RecoverAsync()));
        volume.Run(() => volume.Context.Journal.FlushAsync());
        Assert.Equal(image, volume.Image());
    }
}
