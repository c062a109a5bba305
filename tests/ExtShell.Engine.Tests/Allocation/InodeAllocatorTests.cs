using ExtShell.Engine.Allocation;
using ExtShell.Engine.Volumes.Making;
using ExtShell.Format.Errors;
using ExtShell.Format.Layout;
using ExtShell.Format.OnDisk;

namespace ExtShell.Engine.Tests.Allocation;

public class InodeAllocatorTests
{
    private const InodeMode File = InodeMode.Regular;
    private const InodeMode Directory = InodeMode.Directory;

    [Fact]
    public void Files_go_to_their_parents_group_and_first_to_its_first_free_inode()
    {
        TestVolume volume = Make();
        uint directory = Allocate(volume, InodeNumbers.Root, Directory);
        int group = volume.Geometry.GroupOfInode(directory);
        Assert.Equal(directory + 1, Allocate(volume, directory, File));
        Assert.Equal(directory + 2, Allocate(volume, directory, File));
        volume.Do(handle => volume.Context.Inodes.Free(handle, directory + 1, false));
        Assert.Equal(directory + 1, Allocate(volume, directory, InodeMode.SymbolicLink));
        Assert.Equal(1, volume.Descriptor(group).UsedDirectoriesCount(true) - (group == 0 ? 2 : 0));
        volume.CheckGroups();
    }

    [Fact]
    public void Directories_of_the_root_are_spread_over_flexible_groups_and_others_stay_with_their_parent()
    {
        TestVolume volume = Make();
        int flexGroups = volume.Geometry.GroupCount / volume.Geometry.GroupsPerFlex;
        Assert.True(flexGroups >= 4);
        uint[] top = [.. Enumerable.Range(0, flexGroups).Select(_ => Allocate(volume, InodeNumbers.Root, Directory))];
        Assert.True(
            top.Select(one => volume.Geometry.GroupOfInode(one) / volume.Geometry.GroupsPerFlex).Distinct().Count() >= flexGroups - 1);
        foreach (uint parent in top)
        {
            uint child = Allocate(volume, parent, Directory);
            Assert.Equal(volume.Geometry.GroupOfInode(parent) / volume.Geometry.GroupsPerFlex,
                volume.Geometry.GroupOfInode(child) / volume.Geometry.GroupsPerFlex);
        }

        volume.CheckGroups();
    }

    [Theory]
    [InlineData("^has_journal")]
    [InlineData("^has_journal,^metadata_csum,uninit_bg")]
    [InlineData("^has_journal,^metadata_csum,^64bit,^flex_bg")]
    public void Every_inode_can_be_had_once_and_then_none(string features)
    {
        var volume = new TestVolume(
            40L << 20, new VolumeMakeOptions { BlockSizeBytes = 1024, Features = features, InodeRatioBytes = 65536 });
        long free = volume.Context.Inodes.FreeInodesCount;
        long directories = volume.Context.Inodes.UsedDirectoriesCount;
        var seen = new Dictionary<uint, bool>();
        for (long i = 0; i < free; i++)
        {
            uint inode = Allocate(volume, InodeNumbers.Root, i % 5 == 0 ? Directory : File);
            Assert.True(inode >= volume.Geometry.FirstInode && seen.TryAdd(inode, i % 5 == 0) && volume.Context.Inodes.IsUsed(inode));
        }

        Assert.Equal(Errno.ENOSPC, Assert.Throws<FileSystemException>(() => Allocate(volume, InodeNumbers.Root, File)).Errno);
        for (int group = 0; group < volume.Geometry.GroupCount; group++)
        {
            Assert.False(volume.Context.Groups.IsInodeBitmapUninitialized(group));
            Assert.False(volume.Context.Groups.IsBlockBitmapUninitialized(group));
            Assert.Equal(0, volume.Context.Groups.UnusedInodesCount(group));
        }

        volume.CheckGroups();
        foreach ((uint inode, bool isDirectory) in seen)
            volume.Do(handle => volume.Context.Inodes.Free(handle, inode, isDirectory), InodeAllocator.CreditsToFree);
        Assert.Equal((free, directories), (volume.Context.Inodes.FreeInodesCount, volume.Context.Inodes.UsedDirectoriesCount));
        volume.CheckGroups();
    }

    [Fact]
    public void Unused_counts_shrink_to_behind_the_last_inode_that_was_ever_used_and_never_grow()
    {
        TestVolume volume = Make();
        int group = Enumerable.Range(1, volume.Geometry.GroupCount - 1).First(volume.Context.Groups.IsInodeBitmapUninitialized);
        int all = volume.Geometry.InodesPerGroup;
        uint parent = volume.Geometry.GroupFirstInode(group);
        bool wasZeroed = (volume.Descriptor(group).GroupFlags & GroupFlags.InodeTableZeroed) != 0;
        uint first = Allocate(volume, parent, File);
        Assert.Equal(parent, first);
        Assert.Equal(all - 1, volume.Descriptor(group).UnusedInodesCount(true));
        Allocate(volume, parent, File);
        Assert.Equal(all - 2, volume.Descriptor(group).UnusedInodesCount(true));
        volume.Do(handle => volume.Context.Inodes.Free(handle, first + 1, false));
        Assert.Equal(all - 2, volume.Descriptor(group).UnusedInodesCount(true));
        Assert.Equal(wasZeroed, (volume.Descriptor(group).GroupFlags & GroupFlags.InodeTableZeroed) != 0);
        volume.CheckGroups();
    }

    [Fact]
    public void Reserved_and_free_inodes_cannot_be_freed()
    {
        TestVolume volume = Make();
        uint inode = Allocate(volume, InodeNumbers.Root, File);
        foreach (uint wrong in new[] { 0u, 1u, InodeNumbers.Root, InodeNumbers.Journal, volume.Geometry.InodesCount + 1, inode + 1 })
            Assert.Throws<CorruptionException>(() => volume.Do(handle => volume.Context.Inodes.Free(handle, wrong, false)));
        volume.Do(handle => volume.Context.Inodes.Free(handle, inode, false));
        Assert.Throws<CorruptionException>(() => volume.Do(handle => volume.Context.Inodes.Free(handle, inode, false)));
        volume.CheckGroups();
    }

    [Fact]
    public void A_damaged_inode_bitmap_is_not_used()
    {
        TestVolume volume = Make();
        long offset = volume.Geometry.BlockOffsetBytes(volume.Context.Groups.InodeBitmapBlock(0)) + 3;
        volume.Storage.Write(offset, [(byte)(volume.Storage.Read(offset, 1)[0] ^ 0x10)]);
        Assert.Equal(
            "inode bitmap of group 0", Assert.Throws<CorruptionException>(() => Allocate(volume, InodeNumbers.Root, File)).Structure);
    }

    [Fact]
    public void Generations_differ_and_follow_from_the_seed()
    {
        InodeAllocator inodes = Make().Context.Inodes;
        uint[] some = [.. Enumerable.Range(0, 10000).Select(_ => inodes.NextGeneration())];
        Assert.Equal(10000, some.Distinct().Count());
        InodeAllocator again = Make().Context.Inodes;
        Assert.Equal(some, Enumerable.Range(0, 10000).Select(_ => again.NextGeneration()));
    }

    private static TestVolume Make() =>
        new(1000L << 20, new VolumeMakeOptions { BlockSizeBytes = 1024, Features = "^has_journal", InodeRatioBytes = 65536 });

    private static uint Allocate(TestVolume volume, uint parent, InodeMode mode) =>
        volume.Do(handle => volume.Context.Inodes.Allocate(handle, parent, mode), InodeAllocator.CreditsToAllocate);
}
